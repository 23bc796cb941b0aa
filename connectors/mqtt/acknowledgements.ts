/**
 * Who waits for which record: a ring of (record count, peer, packet id, kind) in the order received. When the runtime says
 * that records are durable, the peers due get their acknowledgements, in one write each. MQTT 5.0, 4.6: in that order.
 */

/** One connection that takes acknowledgements; a newer connection of the same client is another peer. */
export interface Peer {
  /** Bytes of acknowledgements collected for the next write. */
  acks: Uint8Array;
  ackLength: number;
  /** A peer whose connection is gone ignores it: ids of an older connection are never acknowledged on a newer one. */
  write(bytes: Uint8Array): void;
  /** Its session is durable: CONNACK may go out. */
  confirm(): void;
}

/** First byte of the packet that goes out. */
export const PUBACK = 0x40;
export const PUBREC = 0x50;
export const PUBCOMP = 0x70;
const CONNACK = 0x20;

export interface Acknowledgements {
  /** The peer's packet waits for the record pushed last (or, for a redelivery, for all pushed so far). */
  add(peer: Peer, kind: number, packetId: number): void;
  /** The peer's CONNACK waits for the record pushed last. */
  addSession(peer: Peer): void;
  /** One more record was pushed. */
  pushed(): void;
  /** `count` more records are durable. */
  committed(count: number): void;
  /** Sends what waits for nothing; call it behind each chunk, so that redeliveries are acknowledged in one write. */
  release(): void;
  /** Packets that wait. */
  waitingCount(): number;
}

const FIRST_SIZE = 4096;
const ACK_BYTES = 4;
const ACKS_FIRST_BYTES = 256;

export function createPeer(write: (bytes: Uint8Array) => void, confirm: () => void): Peer {
  return { acks: new Uint8Array(ACKS_FIRST_BYTES), ackLength: 0, write, confirm };
}

export function createAcknowledgements(): Acknowledgements {
  let due = new Float64Array(FIRST_SIZE);
  let ids = new Uint16Array(FIRST_SIZE);
  let kinds = new Uint8Array(FIRST_SIZE);
  let peers: (Peer | undefined)[] = new Array<Peer | undefined>(FIRST_SIZE);
  let head = 0;
  let tail = 0;
  let pushedCount = 0;
  let committedCount = 0;
  const touched = new Set<Peer>();

  /** Doubles the ring; its size stays a power of two, so that positions wrap by a mask. */
  function grow(): void {
    const size = due.length;
    const [formerDue, formerIds, formerKinds, formerPeers] = [due, ids, kinds, peers];
    due = new Float64Array(size * 2);
    ids = new Uint16Array(size * 2);
    kinds = new Uint8Array(size * 2);
    peers = new Array<Peer | undefined>(size * 2);
    for (let at = head; at < tail; at += 1) {
      const [from, to] = [at % size, at % (size * 2)];
      due[to] = formerDue[from] as number;
      ids[to] = formerIds[from] as number;
      kinds[to] = formerKinds[from] as number;
      peers[to] = formerPeers[from];
    }
  }
  function release(): void {
    for (const mask = due.length - 1; head < tail; head += 1) {
      const at = head & mask;
      if ((due[at] as number) > committedCount) break;
      const peer = peers[at] as Peer;
      peers[at] = undefined;
      if (kinds[at] === CONNACK) peer.confirm();
      else {
        collect(peer, kinds[at] as number, ids[at] as number);
        touched.add(peer);
      }
    }
    if (touched.size === 0) return;
    for (const peer of touched) {
      peer.write(peer.acks.subarray(0, peer.ackLength));
      peer.acks = new Uint8Array(Math.max(ACKS_FIRST_BYTES, peer.ackLength)); // the socket keeps the former one until it is sent
      peer.ackLength = 0;
    }
    touched.clear();
  }
  function add(peer: Peer, kind: number, packetId: number): void {
    if (tail - head === due.length) grow();
    const at = tail & (due.length - 1);
    due[at] = pushedCount;
    ids[at] = packetId;
    kinds[at] = kind;
    peers[at] = peer;
    tail += 1;
  }
  return {
    add,
    addSession: (peer) => add(peer, CONNACK, 0),
    pushed() { pushedCount += 1; },
    committed(count) {
      committedCount += count;
      release();
    },
    release,
    waitingCount: () => tail - head,
  };
}

function collect(peer: Peer, kind: number, packetId: number): void {
  if (peer.ackLength + ACK_BYTES > peer.acks.length) {
    const larger = new Uint8Array(peer.acks.length * 2);
    larger.set(peer.acks.subarray(0, peer.ackLength));
    peer.acks = larger;
  }
  peer.acks[peer.ackLength] = kind;
  peer.acks[peer.ackLength + 1] = 2;
  peer.acks[peer.ackLength + 2] = packetId >> 8;
  peer.acks[peer.ackLength + 3] = packetId & 255;
  peer.ackLength += ACK_BYTES;
}
