/** `--metrics`: what a gateway's monitoring reads while a job runs. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { millrace, start, until, workFolder } from './command.ts';

const JOB = `CREATE TABLE g (n BIGINT, at_ AS TO_TIMESTAMP_LTZ(n, 3), WATERMARK FOR at_ AS at_ - INTERVAL '1' SECOND)
  WITH ('connector' = 'datagen', 'rows-per-second' = '500', 'fields.n.kind' = 'sequence', 'fields.n.step' = '1000');
CREATE TABLE out_ (window_start TIMESTAMP(3), n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out.jsonl', 'format' = 'json');
INSERT INTO out_ SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE g, DESCRIPTOR(at_), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`;
/** A page in the text exposition format: comments, and one sample a line. */
const LINE = /^(?:# (?:HELP|TYPE) .+|[a-z_]+(?:\{[a-z]+="[^"\n]*"(?:,[a-z]+="[^"\n]*")*\})? -?[\d.e+-]+)$/;

test('a running job serves its figures to Prometheus and its health to whoever asks', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const job = start(['run', 'job.sql', '--data', 'data', '--metrics', '127.0.0.1:0'], { cwd });
  await until(() => job.stderr().includes('starting at log record'));
  const url = /metrics at (\S+)\/metrics/.exec(job.stderr())?.[1] as string;
  const page = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
  const value = (of: string, name: string): number => Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.+)$`, 'm').exec(of)?.[1]);
  await until(async () => value(await page(), 'millrace_delivered_total{sink="out_"}') > 10);
  const text = await page();
  for (const line of text.trimEnd().split('\n')) assert.match(line, LINE);
  const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  assert.is(new Set(families).size, families.length, 'each family once');
  assert.ok(value(text, 'millrace_received_total{source="g"}') >= value(text, 'millrace_acknowledged_total{source="g"}'));
  assert.is(value(text, 'millrace_up'), 1);
  assert.is(value(text, 'millrace_source_up{source="g"}'), 1);
  assert.is(value(text, 'millrace_rejected_total{reason="malformed"}'), 0);
  assert.is(value(text, 'millrace_late_total'), 0);
  assert.ok(value(text, 'millrace_log_bytes') > 0);
  assert.is(value(text, 'millrace_outbox_bytes{sink="out_"}') >= 0, true);
  assert.ok(value(text, 'millrace_checkpoint_age_seconds') >= 0);
  // Event time begins in 1970: the watermark is that far behind the clock.
  const lag = Date.now() / 1000 - value(text, 'millrace_watermark_lag_seconds{source="g"}');
  assert.ok(lag > 10 && lag < 1_000_000, `watermark at ${lag} s`);
  const health = await fetch(`${url}/health`);
  assert.is(health.status, 200);
  assert.is(await health.text(), 'ok\n');
  assert.is((await fetch(`${url}/elsewhere`)).status, 404);
  assert.is((await fetch(`${url}/metrics`, { method: 'POST' })).status, 405);
  job.child.kill('SIGTERM');
  assert.is((await job.ended).code, 0);
});

test('a port that is taken is told before anything starts', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { other.once('listening', resolve); });
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const { code, stderr } = await millrace(['run', 'job.sql', '--metrics', `:${(other.address() as AddressInfo).port}`], { cwd });
  other.close();
  assert.is(code, 3, stderr);
  assert.match(stderr, /the port is in use\n {2}remedy: give --metrics another/);
  assert.not.match(stderr, /starting at/);
});

test.run();
