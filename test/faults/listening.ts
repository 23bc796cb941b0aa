/** Devices of the fault tests: they connect as soon as the gateway listens. */
import * as assert from 'uvu/assert';
import { connected, type RawDevice } from '../connectors/mqtt/world.ts';
import { pause, type Started } from '../cli/command.ts';

export async function connectedSoon(life: Started, port: number, clientId: string, clean = false): Promise<RawDevice> {
  for (;;) {
    try {
      return (await connected(port, clientId, { clean })).device;
    } catch (error) {
      assert.is(life.child.exitCode, null, life.stderr());
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
      await pause(20);
    }
  }
}
