/** The table of powers of ten is what its definition says, computed again with big integers. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileText } from './compile.ts';

const source = `import { POWER_MAX, POWER_MIN, powerOf } from "millrace/assembly/ingest/powers";
export function least(): i32 { return POWER_MIN; }
export function most(): i32 { return POWER_MAX; }
export function high(q: i32): u64 { return load<u64>(powerOf(q)); }
export function low(q: i32): u64 { return load<u64>(powerOf(q), 8); }`;

test('each entry holds the first 128 bits of its power', async () => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(await compileText(source, { isSimd: true })));
  const table = exports as unknown as { least(): number; most(): number; high(q: number): bigint; low(q: number): bigint };
  for (let q = table.least(); q <= table.most(); q += 1) {
    const five = 5n ** BigInt(Math.abs(q));
    const bits = BigInt(five.toString(2).length);
    const wanted = q >= 0 ? (five << 128n) >> bits : (1n << (bits + 127n)) / five;
    assert.is((BigInt.asUintN(64, table.high(q)) << 64n) | BigInt.asUintN(64, table.low(q)), wanted, `10^${q}`);
  }
});

test.run();
