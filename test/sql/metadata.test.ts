/** Metadata columns through SQL: what a log record keeps beside the payload, however the payload is written. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FLAG_RETAIN } from '../../host/ports.ts';
import { compileTest, startModule, type TestRow } from '../engine.ts';
import { planned } from '../host/sql/catalog.ts';

const TIME = 1_700_000_000_121;
/** As declared, with spaces, in another order, with an unknown field, with the long way's escapes. */
const PAYLOADS = ['{"n":1,"s":"a"}', '{ "n": 2, "s": "b" }', '{"s":"c","n":3}', '{"x":[],"s":"d","n":4}', '{"n":5,"s":"\\u0065"}', '{"s":"f"}', '{"n":7}', '{"n":8,"s":"h"}'];

async function rowsOf(sql: string, rows: readonly TestRow[]): Promise<unknown[]> {
  const { wasm } = await compileTest(planned(sql));
  return startModule(wasm).feed(rows).map(({ value }) => JSON.parse(value));
}

test('a record tells topic, partition, offset, time and key, whatever its payload looks like', async () => {
  const rows = PAYLOADS.flatMap((payload, index): TestRow[] => [
    { payload, topic: 't', origin: { partition: index, offset: index * 2 ** 40, timestamp: TIME + index, key: `größe ${index}` } },
    { payload, topic: 't', origin: { partition: index, offset: 1, timestamp: TIME } },
    { payload, topic: 't', origin: { partition: index, offset: 2, timestamp: TIME, key: '' } },
  ]);
  const found = await rowsOf(`
    CREATE TABLE t (
      n INT, s STRING, p INT METADATA FROM 'partition' VIRTUAL, \`offset\` BIGINT METADATA VIRTUAL, wide BIGINT METADATA FROM 'partition' VIRTUAL,
      at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, k STRING METADATA FROM 'key' VIRTUAL, raw BYTES METADATA FROM 'key' VIRTUAL, topic STRING METADATA VIRTUAL
    ) WITH ('connector' = 'kafka', 'topic' = 't');
    SELECT n, s, p, \`offset\` AS o, wide, at, k, raw, topic FROM t;`, rows);
  assert.equal(found, rows.map(({ payload, origin }) => {
    const { n = null, s = null } = JSON.parse(String(payload)) as { n?: number; s?: string };
    const { partition = 0, offset = 0, timestamp = 0, key = null } = origin ?? {};
    const at = new Date(timestamp).toISOString().replace('T', ' ');
    return { n, s, p: partition, o: offset, wide: partition, at, k: key, raw: key === null ? null : Buffer.from(key as string).toString('base64'), topic: 't' };
  }));
});

test('a key that is no UTF-8 is refused as text and passes as bytes', async () => {
  const key = Uint8Array.of(0x61, 0xff, 0x62);
  const row: TestRow = { payload: '{"n":1}', origin: { partition: 0, offset: 0, timestamp: TIME, key } };
  const job = (type: string): string => `CREATE TABLE t (n INT, k ${type} METADATA FROM 'key' VIRTUAL) WITH ('connector' = 'kafka', 'topic' = 't'); SELECT n, k FROM t;`;
  assert.equal(await rowsOf(job('STRING'), [row, { ...row, origin: { partition: 0, offset: 1, timestamp: TIME, key: 'ok' } }]), [{ n: 1, k: 'ok' }]);
  assert.equal(await rowsOf(job('BYTES'), [row]), [{ n: 1, k: Buffer.from(key).toString('base64') }]);
});

test('a publish tells client, quality of service, retain and when it arrived', async () => {
  const rows = [0, 1, 2].flatMap((qos) => [0, FLAG_RETAIN].map((retain): TestRow => (
    { payload: '{"n":1}', topic: `a/${qos}`, client: `device ${qos}`, flags: qos << 1 | retain, arrival: TIME + qos })));
  const found = await rowsOf(`
    CREATE TABLE t (
      n INT, topic STRING METADATA VIRTUAL, client STRING METADATA VIRTUAL, qos INT METADATA VIRTUAL, retained BOOLEAN METADATA FROM 'retain' VIRTUAL,
      arrived TIMESTAMP(3) METADATA FROM 'arrival' VIRTUAL
    ) WITH ('connector' = 'mqtt', 'topic' = 'a/#');
    SELECT n, topic, client, qos, retained, arrived FROM t;`, rows);
  assert.equal(found, rows.map(({ topic, client, flags = 0, arrival = 0 }) => ({
    n: 1, topic, client, qos: flags >> 1 & 3, retained: (flags & FLAG_RETAIN) !== 0, arrived: new Date(arrival).toISOString().replace('T', ' ').replace('Z', ''),
  })));
});

test.run();
