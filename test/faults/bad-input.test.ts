/** Payloads that no job can read, over MQTT through the whole gateway: counted by reason, kept byte for byte with their place; the rest goes on. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectedSoon } from './listening.ts';
import { killAll, start, workFolder } from '../cli/command.ts';

const LISTEN = 22_042;
const PAYLOAD_BYTES_MAX = 200;

const JOB = `
CREATE TABLE letters (source STRING, topic STRING, reason STRING, \`offset\` BIGINT, \`row\` INT, payload BYTES)
  WITH ('connector' = 'filesystem', 'path' = 'letters.jsonl', 'format' = 'json');
CREATE TABLE readings (device STRING, n INT) WITH ('connector' = 'mqtt', 'listen' = '127.0.0.1:${LISTEN}', 'format' = 'json',
  'payload.max-bytes' = '${PAYLOAD_BYTES_MAX}', 'dead-letter.table' = 'letters');
CREATE TABLE shares (device STRING, n INT, share INT) WITH ('connector' = 'filesystem', 'path' = 'shares.jsonl', 'format' = 'json');
INSERT INTO shares SELECT device, n, 100 / n FROM readings;
`;

const BAD: readonly (readonly [reason: string, what: string, payload: Buffer])[] = [
  ['malformed', 'noise', Buffer.from('nonsense')],
  ['malformed', 'nothing', Buffer.alloc(0)],
  ['malformed', 'truncated', Buffer.from('{"device":"a","n":1')],
  ['malformed', 'two in one', Buffer.from('{"device":"a","n":1}{"device":"a","n":2}')],
  ['malformed', 'bytes', Buffer.from([0, 1, 2, 0xfe, 0xff])],
  ['type', 'text for a number', Buffer.from('{"device":"a","n":"many"}')],
  ['type', 'an object for a number', Buffer.from('{"device":"a","n":{"x":1}}')],
  ['utf8', 'a lone byte above 127', Buffer.from('{"device":"\u00e4","n":1}', 'latin1')],
  ['oversize', 'huge', Buffer.from(JSON.stringify({ device: 'a'.repeat(100_000), n: 1 }))],
  ['range', 'more than an INT holds', Buffer.from('{"device":"a","n":3000000000}')],
  ['expression', 'division by zero', Buffer.from('{"device":"a","n":0}')],
];
/** Readable, in ways that a reader could stumble over. [payload, row] */
const ODD: readonly (readonly [string, { device: string; n: number; share: number }])[] = [
  ['{"device":"a","n":7,"n":4}', { device: 'a', n: 4, share: 25 }],
  [' {\n"n" : 5 ,"more":[{"x":null}], "device":"\\u00e4\\n" } ', { device: '\u00e4\n', n: 5, share: 20 }],
  [`{"device":"${'b'.repeat(PAYLOAD_BYTES_MAX - 20)}","n":1}`.slice(0, PAYLOAD_BYTES_MAX), { device: 'b'.repeat(PAYLOAD_BYTES_MAX - 20), n: 1, share: 100 }],
];
const ROUNDS = 2;

interface Letter { readonly source: string; readonly topic: string; readonly reason: string; readonly offset: number; readonly row: number; readonly payload: string }

function linesOf<T>(path: string): T[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as T) : [];
}

test('bad payloads are counted by reason and kept as they came, with topic and place; good ones go on, over a kill', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), JOB);
  let stderr = '';
  let id = 0;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const life = start(['run', 'job.sql', '--data', 'data'], { cwd });
      const device = await connectedSoon(life, LISTEN, 'device');
      const send = (topic: string, payload: Buffer | string): void => {
        id += 1;
        device.send({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: id });
      };
      for (const [, what, payload] of BAD) {
        send(what, payload);
        const [text] = ODD[id % ODD.length] as (typeof ODD)[number];
        send('good', text);
      }
      const sent = 2 * BAD.length * (round + 1);
      await life.until(() => device.ids('puback').length === 2 * BAD.length, 'all are acknowledged, the bad ones too');
      await life.until(() => linesOf(join(cwd, 'letters.jsonl')).length + linesOf(join(cwd, 'shares.jsonl')).length === sent, 'all are through');
      life.child.kill(round === ROUNDS - 1 ? 'SIGTERM' : 'SIGKILL');
      ({ stderr } = await life.ended);
      await device.vanish();
    }
  } finally {
    killAll();
  }
  const letters = linesOf<Letter>(join(cwd, 'letters.jsonl'));
  const wanted = Array.from({ length: ROUNDS }, () => BAD).flat().map(([reason, topic, payload]) => (
    { source: 'readings', topic, reason, payload: payload.subarray(0, PAYLOAD_BYTES_MAX).toString('base64') }));
  assert.equal(letters.map(({ source, topic, reason, payload }) => ({ source, topic, reason, payload })), wanted);
  const places = letters.map(({ offset, row }) => offset * 1e6 + row);
  assert.equal(places, [...new Set(places)].sort((a, b) => a - b), 'each has a place of its own in the log, in order');
  const shares = linesOf(join(cwd, 'shares.jsonl'));
  assert.equal(shares, Array.from({ length: BAD.length * ROUNDS }, (_, index) => (ODD[(2 * index + 1) % ODD.length] as (typeof ODD)[number])[1]));
  assert.match(stderr, /rejected +22 \(malformed 10, type 4, utf8 2, oversize 2, range 2, expression 2\)/);
});

test.run();
