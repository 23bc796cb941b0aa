/**
 * Millrace inside a program of your own: compiles a job, starts it and reads the rows of its SELECT. Ctrl-C stops it.
 * From a checkout: node --conditions=source --import tsx examples/embedded/means.ts [ROWS]
 */
import { compile, start } from 'millrace';

const rowCount = Number(process.argv[2] ?? 1000);
const compiled = await compile(`
  CREATE TABLE readings (
    device STRING, temperature DOUBLE, ts BIGINT,
    at AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR at AS at - INTERVAL '1' SECOND
  ) WITH (
    'connector' = 'datagen', 'number-of-rows' = '${rowCount}', 'rows-per-second' = '0', 'fields.device.values' = 'pump;fan;oven',
    'fields.temperature.min' = '15', 'fields.temperature.max' = '25', 'fields.ts.kind' = 'sequence', 'fields.ts.step' = '100'
  );
  SELECT device, window_start, COUNT(*) AS n, ROUND(AVG(temperature), 2) AS mean
  FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(at), INTERVAL '10' SECOND))
  GROUP BY device, window_start, window_end;`);
process.stderr.write(`compiled to ${compiled.wasm.length} bytes\n`);

const interrupt = new AbortController();
process.once('SIGINT', () => { interrupt.abort(); });
const job = await start(compiled, { signal: interrupt.signal });
for await (const row of job.rows()) console.log(JSON.stringify(row));
const { metrics } = await job.done;
process.stderr.write(`${metrics.rows} rows in, ${metrics.results} results\n`);
