import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaServers, startKafka } from '../../servers/kafka/broker.ts';
import { kafkaMissing } from '../../servers/kafka/jars.ts';
import { judge, readWithJava } from './java.ts';
import { createTopic, result, withAdmin } from './world.ts';
import type { WriterPlan } from './writer.ts';
import { kill, soon, startWriter, type Writer } from './writers.ts';

const NODES = [1, 2, 3];
const CALM_MS = 6_000; // the driver's naive way commits duplicates within 5 to 8 s
const FOREVER = 1e9;
const kafka = suite('kafka sink on three brokers');
const test = kafkaMissing() ? kafka.skip : kafka;
const isRight = (sequence: number, value: string): boolean => value === new TextDecoder().decode(result(sequence).value);
const NO_FAULT = { lost: 0, duplicated: 0, disordered: 0, wrong: 0 };
let servers: KafkaServers;
let bootstrap = '';

kafka.before(async () => {
  if (kafkaMissing()) return;
  servers = await startKafka({ basePort: 21960, nodes: 3 });
  bootstrap = servers.bootstrap;
});
kafka.after(async () => { await servers?.stop(); });

/** Ends the writer and lets a last one reach a round number, so that nothing is open. @returns that number */
async function finish(writer: Writer, plan: WriterPlan): Promise<number> {
  await kill(writer);
  const until = writer.confirmed() + 1000;
  const last = startWriter({ ...plan, until });
  assert.is(await soon(last.ended, 'the last writer'), 0, last.lines.join('\n'));
  return until;
}

test('without any failure nothing is doubled, though every transaction spans brokers', async () => {
  await createTopic(bootstrap, 'calm', 6);
  const plan: WriterPlan = { bootstrap, topic: 'calm', gateway: 'calm', options: {}, batch: 200, until: FOREVER };
  const writer = startWriter(plan);
  await soon(writer.delivered, 'the writer');
  await sleep(CALM_MS);
  const count = await finish(writer, plan);
  assert.equal(judge(await readWithJava(bootstrap, 'calm'), 'calm', isRight), { count, last: count, ...NO_FAULT });
  console.log(`calm: ${count} results`);
});

test('the progress topic is replicated so that one broker may be lost', async () => {
  const [metadata, config] = await withAdmin(bootstrap, async (admin) => [
    await admin.fetchTopicMetadata({ topics: ['millrace-progress'] }),
    await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: 'millrace-progress', configNames: ['min.insync.replicas'] }] }),
  ] as const);
  assert.is(metadata.topics[0]?.partitions[0]?.replicas.length, 3);
  assert.is(config.resources[0]?.configEntries[0]?.configValue, '2');
});

test('each broker may be killed in turn: nothing is lost, nothing doubled', async () => {
  await createTopic(bootstrap, 'failover', 6);
  const plan: WriterPlan = { bootstrap, topic: 'failover', gateway: 'failover', options: {}, batch: 200, until: FOREVER };
  const writer = startWriter(plan);
  await soon(writer.delivered, 'the writer');
  const stalls: string[] = [];
  for (const node of NODES) {
    await sleep(1000);
    const started = performance.now();
    await servers.kill(node);
    const before = writer.confirmed();
    while (writer.confirmed() < before + 1000 && performance.now() - started < 60_000) await sleep(50);
    assert.ok(writer.confirmed() > before, `goes on without broker ${node}:\n${writer.lines.join('\n')}`);
    stalls.push(`${((performance.now() - started) / 1000).toFixed(1)} s`);
    await servers.restart(node);
    await sleep(3000); // its partitions catch up, else two of three are gone at once
  }
  const count = await finish(writer, plan);
  assert.equal(judge(await readWithJava(bootstrap, 'failover'), 'failover', isRight), { count, last: count, ...NO_FAULT });
  console.log(`failover: ${count} results, 1,000 more after each kill in ${stalls.join(', ')}; opened ${writer.opened.length} times`);
});

kafka.run();
