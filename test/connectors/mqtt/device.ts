/**
 * A device that does what MQTT asks: it keeps what is not acknowledged, connects again, and sends it again in order, all at
 * once (mqtt.js waits for each acknowledgement before it repeats the next).
 */
import { pause } from '../../cli/command.ts';
import { connectPacket, publishPacket, rawDevice, type RawDevice } from './world.ts';

export interface Device {
  publish(payload: string, topic?: string): void;
  acknowledgedCount(): number;
  /** How often it was welcomed. */
  connectionCount(): number;
  close(): Promise<void>;
}

interface Flight { readonly id: number; readonly payload: string; readonly topic: string; wasSent: boolean; isReceived: boolean }

export function createDevice(port: number, { version, qos }: { readonly version: 4 | 5; readonly qos: 1 | 2 }): Device {
  const flights = new Map<number, Flight>();
  let nextId = 1;
  let acknowledged = 0;
  let welcomes = 0;
  let isOver = false;
  let raw: RawDevice | undefined;
  let isWelcome = false;

  function send(flight: Flight): void {
    if (flight.isReceived) raw?.send({ cmd: 'pubrel', messageId: flight.id });
    else raw?.send(publishPacket(flight.id, flight.payload, { qos, topic: flight.topic, dup: flight.wasSent }));
    flight.wasSent = true;
  }
  function answer(device: RawDevice): void {
    for (const packet of device.received.splice(0)) {
      const flight = flights.get(packet.messageId ?? 0);
      if (packet.cmd === 'connack') {
        isWelcome = true;
        welcomes += 1;
        for (const waiting of flights.values()) send(waiting);
      } else if (packet.cmd === 'pubrec' && flight) {
        if (!flight.isReceived) acknowledged += 1; // from here on the payload is the receiver's
        flight.isReceived = true;
        send(flight);
      } else if ((packet.cmd === 'puback' || packet.cmd === 'pubcomp') && flights.delete(packet.messageId ?? 0) && qos === 1) acknowledged += 1;
    }
  }
  async function run(): Promise<void> {
    while (!isOver) {
      try {
        raw = await rawDevice(port, version);
        raw.send(connectPacket('device', { protocolVersion: version, properties: version === 5 ? { sessionExpiryInterval: 3600 } : {} }));
        while (!raw.isClosed() && !isOver) {
          answer(raw);
          await pause(2);
        }
        answer(raw);
      } catch { /* nobody listens at the moment */ }
      isWelcome = false;
      await pause(10);
    }
    await raw?.vanish();
  }
  const running = run();
  return {
    publish(payload, topic = 'a/b') {
      const flight: Flight = { id: nextId, payload, topic, wasSent: false, isReceived: false };
      nextId = nextId === 65_535 ? 1 : nextId + 1;
      flights.set(flight.id, flight);
      if (isWelcome) send(flight);
    },
    acknowledgedCount: () => acknowledged,
    connectionCount: () => welcomes,
    async close() {
      isOver = true;
      await running;
    },
  };
}
