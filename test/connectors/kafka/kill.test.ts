import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyTopic } from '../../../connectors/kafka/verify.ts';
import { type KafkaServers, startKafka } from '../../servers/kafka/broker.ts';
import { kafkaMissing } from '../../servers/kafka/jars.ts';
import { judge, readWithJava } from './java.ts';
import { clock, createTopic, result } from './world.ts';
import type { WriterPlan } from './writer.ts';
import { kill, seeded, soon, startWriter, type Writer } from './writers.ts';

const KILLS = Number(process.env['MILLRACE_KILLS'] ?? 20);
const SEED = Number(process.env['MILLRACE_SEED'] ?? Math.floor(Math.random() * 1e9));
const FOREVER = 1e9;
const kafka = suite('kafka sink under kill -9');
const test = kafkaMissing() ? kafka.skip : kafka;
const isRight = (sequence: number, value: string): boolean => value === new TextDecoder().decode(result(sequence).value);
const NO_FAULT = { lost: 0, duplicated: 0, disordered: 0, wrong: 0 };
let servers: KafkaServers;
let bootstrap = '';

kafka.before(async () => {
  if (kafkaMissing()) return;
  servers = await startKafka({ basePort: 21920 });
  bootstrap = servers.bootstrap;
});
kafka.after(async () => { await servers?.stop(); });

test(`${KILLS} kills and zombies leave every result exactly once and in order`, async () => {
  const random = seeded(SEED);
  await createTopic(bootstrap, 'killed');
  const plan: WriterPlan = { bootstrap, topic: 'killed', gateway: 'killed', options: {}, batch: 200, until: FOREVER };
  let confirmed = 0;
  const zombies: (number | string)[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const writer = startWriter(plan);
    await soon(writer.delivered, `seed ${SEED}, round ${round}`);
    assert.ok((writer.opened[0] ?? -1) >= confirmed, `seed ${SEED}: opened at ${writer.opened[0]}, but ${confirmed} were confirmed`);
    await sleep(random() * 400);
    if (round % 4 === 3) zombies.push(await outlive(writer, plan));
    else await kill(writer);
    confirmed = Math.max(confirmed, writer.confirmed());
  }
  const last = startWriter({ ...plan, until: confirmed + 5000 });
  assert.is(await soon(last.ended, 'the last writer'), 0, last.lines.join('\n'));
  assert.equal([...new Set(zombies)], KILLS > 3 ? [3] : [], 'a zombie ends with 3: do not start again');
  const records = await readWithJava(bootstrap, 'killed');
  assert.equal(judge(records, 'killed', isRight), { count: confirmed + 5000, last: confirmed + 5000, ...NO_FAULT }, `seed ${SEED}`);
  const cutShort = (await readWithJava(bootstrap, 'killed', 'read_uncommitted')).length - records.length;
  assert.ok(KILLS < 20 || cutShort > 0, 'some kill must hit an open transaction, or the loop proves nothing');
  const report = await verifyTopic({ 'topic': 'killed', 'properties.bootstrap.servers': bootstrap }, { table: 'killed', clock, log: () => undefined }, () => undefined);
  assert.equal([report.isProven, report.recordCount], [true, records.length], 'our own proof agrees with the Java client');
  console.log(`${KILLS} kills, ${zombies.length} of them zombies: ${records.length} results, ${cutShort} more in transactions cut short`);
});

/** Freezes a writer, lets a successor take over, and wakes it: it must notice. @returns how it ended */
async function outlive(writer: Writer, plan: WriterPlan): Promise<number | string> {
  writer.child.kill('SIGSTOP');
  const successor = startWriter(plan);
  await soon(successor.delivered, 'the successor');
  writer.child.kill('SIGCONT');
  const end = await soon(writer.ended, 'the zombie');
  await kill(successor);
  return end;
}

kafka.run();
