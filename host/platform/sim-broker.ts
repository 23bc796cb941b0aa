/**
 * A broker that sends again whatever was not acknowledged, and the source that reads it. Each payload has a packet id of
 * its own (idealised: none is used twice); the source remembers ids through its snapshot and the logged batches.
 */
import { type Arrival, FLAG_DUP, type Intake, IoError, type Source } from '../ports.ts';
import type { World } from './sim.ts';

export interface SimBroker {
  /** Ids sent and not acknowledged, oldest first. */
  readonly unacknowledged: () => readonly number[];
  /** Every payload was sent and acknowledged. */
  isDrained(): boolean;
  source(): Source;
}

export interface BrokerOptions {
  /** Payload of each packet id, from 1. */
  readonly payloads: readonly string[];
  /** Whether the source says that it has an end. */
  readonly isBounded: boolean;
  /** Chance that opening fails. */
  readonly refuseRate: number;
}

const IN_FLIGHT_MAX = 24;
const NETWORK_MS_MAX = 6;
const encoder = new TextEncoder();

export function createSimBroker(world: World, options: BrokerOptions): SimBroker {
  let nextId = 1;
  let unacknowledged: number[] = [];
  const total = options.payloads.length;

  function acknowledge(id: number): void {
    unacknowledged = unacknowledged.filter((other) => other !== id);
  }
  function source(): Source {
    /** Ids in the log that the broker may send again. */
    let logged = new Set<number>();
    let pushed: number[] = [];
    let isStopped = false;
    let isPaused = false;
    let backlog: number[] = [];
    let port: Intake | undefined;

    function send(id: number): boolean {
      const bytes = encoder.encode(options.payloads[id - 1]);
      const arrival: Arrival = {
        bytes, start: 0, end: bytes.length, topic: bytes, topicStart: 0, topicEnd: 0, packetId: id, flags: FLAG_DUP, client: 'sim',
      };
      if (logged.has(id)) {
        world.after(world.random() * NETWORK_MS_MAX, () => { acknowledge(id); });
        return true;
      }
      pushed.push(id);
      return port?.push(arrival) ?? false;
    }
    function pump(): void {
      if (isStopped || isPaused || !port) return;
      const burst = 1 + Math.floor(world.random() * 5);
      for (let sent = 0; sent < burst && !isPaused; sent += 1) {
        const again = backlog.shift();
        if (again === undefined && (nextId > total || unacknowledged.length >= IN_FLIGHT_MAX)) break;
        if (again === undefined) unacknowledged.push(nextId);
        isPaused = !send(again ?? nextId);
        if (again === undefined) nextId += 1;
      }
      if (world.random() < 0.5) port.flush();
      if (options.isBounded && nextId > total && backlog.length === 0) {
        isStopped = true;
        port.end();
      } else if (!isPaused) world.after(world.random() * NETWORK_MS_MAX, pump);
    }
    return {
      restore(snapshot) { logged = new Set(snapshot ? JSON.parse(new TextDecoder().decode(snapshot)) as number[] : []); },
      replay({ packetIds }) { for (const id of packetIds) logged.add(id); },
      open: (intake) => new Promise((resolve, reject) => {
        world.after(world.random() * NETWORK_MS_MAX, () => {
          if (world.random() < options.refuseRate) return reject(new IoError('the broker is away', { retry: true }));
          port = intake;
          backlog = [...unacknowledged];
          world.after(world.random() * NETWORK_MS_MAX, pump);
          resolve();
        });
      }),
      position: () => new Uint8Array(0),
      // Ids pushed count as logged here: the snapshot is only ever used together with the records that hold them.
      snapshot: () => encoder.encode(JSON.stringify([...logged, ...pushed].filter((id) => unacknowledged.includes(id)))),
      committed(count) {
        const durable = pushed.slice(0, count);
        pushed = pushed.slice(count);
        for (const id of durable) {
          logged.add(id);
          world.after(world.random() * NETWORK_MS_MAX, () => { acknowledge(id); });
        }
      },
      resume() {
        isPaused = false;
        world.after(world.random(), pump);
      },
      stop() { isStopped = true; return Promise.resolve(); },
      close() { isStopped = true; port = undefined; return Promise.resolve(); },
    };
  }
  return { unacknowledged: () => unacknowledged, isDrained: () => nextId > total && unacknowledged.length === 0, source };
}
