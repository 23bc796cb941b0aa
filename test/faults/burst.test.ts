/** One step that emits a million results, killed in the middle of their delivery to a real Kafka: each comes once. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tallyWithJava } from '../connectors/kafka/java.ts';
import { createTopic, writtenCount } from '../connectors/kafka/world.ts';
import { startKafka } from '../servers/kafka/broker.ts';
import { kafkaMissing } from '../servers/kafka/jars.ts';
import { killAll, pause, start, workFolder } from '../cli/command.ts';

const KAFKA = 22080;
const KEYS = 1_000_000;
/** Results at the sink when each kill comes. */
const KILLS_AT = [0.2, 0.6].map((share) => share * KEYS);

const JOB = `
CREATE TABLE readings (k BIGINT, ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt) WITH ('connector' = 'datagen', 'rows-per-second' = '0',
  'number-of-rows' = '${KEYS}', 'fields.k.kind' = 'sequence', 'fields.ts.kind' = 'sequence');
CREATE TABLE panes (k BIGINT, n BIGINT)
  WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '127.0.0.1:${KAFKA + 1}', 'topic' = 'panes', 'format' = 'json');
INSERT INTO panes SELECT k, COUNT(*) FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '1' HOUR)) GROUP BY k, window_start, window_end;
`;

test('one step of a million results, killed in the middle of their delivery, delivers each once', async () => {
  const missing = kafkaMissing();
  if (missing) { console.log(`SKIPPED: ${missing}`); assert.ok(!process.env['CI'], missing); return; }
  const kafka = await startKafka({ basePort: KAFKA });
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const run = (): ReturnType<typeof start> => start(['run', 'job.sql', '--data', 'data', '--memory', '1024'], { cwd });
  try {
    await createTopic(kafka.bootstrap, 'panes');
    for (const killAt of KILLS_AT) {
      const life = run();
      while (await writtenCount(kafka.bootstrap, 'panes') < killAt) {
        assert.is(life.child.exitCode, null, life.stderr());
        await pause(50);
      }
      life.child.kill('SIGKILL');
      await life.ended;
    }
    const { code, stderr } = await run().ended;
    assert.is(code, 0, stderr);
    assert.match(stderr, /sink panes: open, holds \d+ results/);
    const wanted = { count: KEYS, sequences: KEYS, lastSequence: KEYS, values: KEYS, lastValue: KEYS - 1 };
    assert.equal(await tallyWithJava(kafka.bootstrap, 'panes', 'k'), wanted);
    const { count } = await tallyWithJava(kafka.bootstrap, 'panes', 'k', 'read_uncommitted');
    console.log(`${KILLS_AT.length} kills in one step of ${KEYS} results: each once, ${count - KEYS} more in transactions cut short`);
  } finally {
    killAll();
    await kafka.stop();
  }
});

test.run();
