/** The packets that are not PUBLISH, read and written by mqtt-packet, which is loaded with the first connection. */
import type { Packet, Parser } from 'mqtt-packet';

export type { IConnackPacket, IConnectPacket, ISubackPacket, Packet } from 'mqtt-packet';

export interface Packets {
  /** Writes any packet for this protocol version. */
  generate(packet: Packet, protocolVersion: number): Uint8Array;
  /** Reads whole packets; remembers the version of a CONNECT. */
  parser(protocolVersion?: number): { parse(bytes: Uint8Array): Packet };
}

export async function loadPackets(): Promise<Packets> {
  const { default: mqttPacket } = await import('mqtt-packet');
  return {
    generate: (packet, protocolVersion) => mqttPacket.generate(packet, { protocolVersion }),
    parser(protocolVersion) {
      const parser: Parser = mqttPacket.parser(protocolVersion === undefined ? {} : { protocolVersion });
      let found: Packet | undefined;
      let failed: Error | undefined;
      parser.on('packet', (packet: Packet) => { found = packet; });
      parser.on('error', (error: Error) => { failed = error; });
      return {
        parse(bytes) {
          found = undefined;
          parser.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
          if (failed) throw failed;
          if (!found) throw new Error('a packet that is not whole');
          return found;
        },
      };
    },
  };
}
