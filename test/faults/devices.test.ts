/**
 * Devices that use MQTT in odd ways, through the whole gateway and a kill -9 in between: each gets what docs/delivery.md
 * promises for it. The acknowledgement that a crash takes is one that the device does not look at.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectedSoon } from './listening.ts';
import { publishPacket, type RawDevice } from '../connectors/mqtt/world.ts';
import { killAll, start, type Started, workFolder } from '../cli/command.ts';

const LISTEN = 22_040;
const ROUNDS = 3;
const ROWS = 5;

/** How one device differs from what MQTT asks for. */
interface Habit { readonly id: 'one' | 'counted'; readonly clean: boolean; readonly setsDup: boolean }
const HABITS: Readonly<Record<string, Habit>> = {
  'only id 1': { id: 'one', clean: false, setsDup: true },
  'clean session': { id: 'counted', clean: true, setsDup: true },
  'never DUP': { id: 'counted', clean: false, setsDup: false },
};
const NAMES = Object.keys(HABITS);

const job = (ambiguous: string): string => `
CREATE TABLE readings (device STRING, n BIGINT) WITH ('connector' = 'mqtt', 'listen' = '127.0.0.1:${LISTEN}', 'format' = 'json', 'qos1.ambiguous' = '${ambiguous}');
CREATE TABLE stored (device STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'stored.jsonl', 'format' = 'json');
INSERT INTO stored SELECT device, n FROM readings;
`;

for (const [choice, timesOfClean] of [['keep', 2], ['drop', 1]] as const) {
  test(`one packet id, a clean session, no DUP: nothing is lost over kills, and twice comes only what nothing tells apart (${choice})`, async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'job.sql'), job(choice));
    const stored = (): { device: string; n: number }[] => {
      const path = join(cwd, 'stored.jsonl');
      return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as { device: string; n: number }) : [];
    };
    const timesOf = (name: string, n: number): number => stored().filter((row) => row.device === name && row.n === n).length;
    const run = async (): Promise<Started> => {
      const life = start(['run', 'job.sql', '--data', 'data'], { cwd });
      await life.says('starting at log record');
      return life;
    };
    const connectAll = async (life: Started): Promise<Map<string, RawDevice>> => {
      const devices = new Map<string, RawDevice>();
      for (const [name, { clean }] of Object.entries(HABITS)) devices.set(name, await connectedSoon(life, LISTEN, name, clean));
      return devices;
    };
    const send = (device: RawDevice, name: string, n: number, isAgain = false): void => {
      const { id, setsDup } = HABITS[name] as Habit;
      device.send(publishPacket(id === 'one' ? 1 : n, JSON.stringify({ device: name, n }), { dup: isAgain && setsDup }));
    };
    let n = 0;
    let inFlight = 0;
    let stderr = '';
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const life = await run();
        const devices = await connectAll(life);
        for (const [name, device] of devices) if (inFlight > 0) send(device, name, inFlight, true);
        if (inFlight > 0) await life.until(() => [...devices.values()].every((device) => device.ids('puback').length === 1), 'what is sent again is acknowledged');
        for (let row = 0; row < ROWS; row += 1) {
          n += 1;
          const before = [...devices.values()].map((device) => device.ids('puback').length);
          for (const [name, device] of devices) send(device, name, n);
          await life.until(() => [...devices.values()].every((device, index) => device.ids('puback').length > (before[index] as number)), `row ${n} is acknowledged`);
        }
        n += 1;
        inFlight = n;
        for (const [name, device] of devices) send(device, name, n);
        await life.until(() => NAMES.every((name) => timesOf(name, n) === 1), `row ${n} is in the log, and through`);
        life.child.kill('SIGKILL');
        stderr += (await life.ended).stderr;
        for (const device of devices.values()) await device.vanish();
      }
      const last = await run();
      const devices = await connectAll(last);
      for (const [name, device] of devices) send(device, name, inFlight, true);
      await last.until(() => [...devices.values()].every((device) => device.ids('puback').length === 1));
      last.child.kill('SIGTERM');
      const ended = await last.ended;
      assert.is(ended.code, 0, ended.stderr);
      stderr += ended.stderr;
    } finally {
      killAll();
    }
    const isInFlight = (row: number): boolean => row % (ROWS + 1) === 0;
    for (const [name, times] of [['only id 1', 1], ['clean session', timesOfClean], ['never DUP', 2]] as const) {
      const found = Array.from({ length: n }, (_, index) => timesOf(name, index + 1));
      assert.equal(found, found.map((_, index) => (isInFlight(index + 1) ? times : 1)), name);
    }
    assert.is(stored().length, NAMES.length * n + ROUNDS * (choice === 'keep' ? 2 : 1));
    assert.match(stderr, choice === 'keep' ? /1 redeliveries recognised, 1 ambiguous/ : /2 redeliveries recognised, 1 ambiguous/);
  });
}

test.run();
