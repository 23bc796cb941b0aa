import { test } from 'uvu';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { type KafkaServers, startKafka } from '../../servers/kafka/broker.ts';
import { kafkaMissing } from '../../servers/kafka/jars.ts';
import { sourceContract } from '../contract.ts';
import { createSource, createTopic } from './world.ts';

const missing = kafkaMissing();
let servers: Promise<KafkaServers> | undefined;
let worldCount = 0;

test.after(async () => { await (await servers)?.stop(); });

if (missing) {
  console.log(`SKIPPED: ${missing}`);
  test.skip('kafka: the contract of sources', () => undefined);
} else sourceContract('kafka', async () => {
  servers ??= startKafka({ basePort: 22140 });
  const { bootstrap } = await servers;
  const topic = `contract-${worldCount += 1}`;
  await createTopic(bootstrap, topic, 1);
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1,
  });
  await producer.connect();
  let sending: Promise<unknown> = Promise.resolve();
  return {
    create: () => createSource({ bootstrap, topic }),
    offer(payloads) {
      if (payloads.length > 0) sending = sending.then(() => producer.send({ topic, messages: payloads.map((value) => ({ partition: 0, value })) }));
    },
    async close() {
      await sending;
      await producer.disconnect();
    },
  };
}, { isExactlyOnce: true });

test.run();
