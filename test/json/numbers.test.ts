/** Numbers against the engine's own: reading against Number(), writing against String(), bit by bit, in both builds. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileText } from './compile.ts';
import { SEED, randomWords } from './seed.ts';

const INPUT = 0x200000;
const OUTPUT = 0x600000;
const TEXT_BYTES = 0x3f0000;
const SOURCE = `import { reset } from "millrace/assembly/text/arena";
import { readDouble } from "millrace/assembly/ingest/value";
import { writeDouble, writeFloat } from "millrace/assembly/emit/double";
/** Texts end in a line feed; a text that is refused or not read to its end gives a NaN of its own. */
export function read(end: usize): u32 {
  let out: usize = ${OUTPUT};
  for (let p: usize = ${INPUT}; p < end; out += 8) {
    let close = p;
    while (load<u8>(close) != 10) close += 1;
    reset();
    if (readDouble(p, close, out) != close) store<u64>(out, 0x7ff8000000000bad);
    p = close + 1;
  }
  return <u32>(out - ${OUTPUT}) >> 3;
}
export function write(count: u32): usize {
  let out: usize = ${INPUT};
  for (let i: u32 = 0; i < count; i += 1) {
    out = writeDouble(out, load<f64>(${OUTPUT} + (<usize>i << 3)));
    store<u8>(out, 10);
    out += 1;
  }
  return out;
}
export function writeSingles(count: u32): usize {
  let out: usize = ${INPUT};
  for (let i: u32 = 0; i < count; i += 1) {
    out = writeFloat(out, load<f32>(${OUTPUT} + (<usize>i << 2)));
    store<u8>(out, 10);
    out += 1;
  }
  return out;
}`;

interface Exports { readonly memory: WebAssembly.Memory; read(end: number): number; write(count: number): number; writeSingles(count: number): number }

const builds = await Promise.all([true, false].map(async (isSimd) => (
  new WebAssembly.Instance(new WebAssembly.Module(await compileText(SOURCE, { isSimd }))).exports as unknown as Exports)));

/** Reads all texts in WASM and compares each with Number(). */
function checkReading(texts: readonly string[]): void {
  for (let start = 0; start < texts.length;) {
    let size = 0;
    let end = start;
    while (end < texts.length && size + (texts[end] ?? '').length + 1 < TEXT_BYTES) {
      size += (texts[end] ?? '').length + 1;
      end += 1;
    }
    const batch = texts.slice(start, end);
    for (const { memory, read } of builds) {
      new Uint8Array(memory.buffer).set(new TextEncoder().encode(`${batch.join('\n')}\n`), INPUT);
      assert.is(read(INPUT + size), batch.length);
      const values = new Float64Array(memory.buffer, OUTPUT, batch.length);
      const wrong = batch.findIndex((text, index) => !Object.is(values[index], Number(text)));
      if (wrong >= 0) assert.unreachable(`seed ${SEED}: ${batch[wrong]} reads as ${values[wrong]}`);
    }
    start = end;
  }
}

/** Writes all values in WASM and compares each with String(). */
function checkWriting(values: Float64Array): void {
  for (let start = 0; start < values.length; start += 100_000) {
    const batch = values.subarray(start, start + 100_000);
    for (const { memory, write } of builds) {
      new Float64Array(memory.buffer, OUTPUT, batch.length).set(batch);
      const end = write(batch.length);
      const texts = new TextDecoder().decode(new Uint8Array(memory.buffer, INPUT, end - INPUT)).split('\n');
      batch.forEach((value, index) => {
        const wanted = Object.is(value, -0) ? '-0.0' : Number.isFinite(value) ? String(value) : `"${value}"`;
        if (texts[index] !== wanted) assert.unreachable(`seed ${SEED}: ${wanted} is written as ${texts[index]}`);
      });
    }
  }
}

const word = randomWords(SEED);
const bits = new DataView(new ArrayBuffer(8));
function randomDouble(): number {
  bits.setUint32(0, word());
  bits.setUint32(4, word());
  const value = bits.getFloat64(0);
  return Number.isFinite(value) ? value : 1;
}
function many<T>(count: number, make: () => T): T[] { return Array.from({ length: count }, make); }
function digits(count: number): string { return many(count, () => word() % 10).join(''); }
function below(limit: number): number { return word() % limit; }

/** The decimal expansion of the point halfway between `value` and the next double above, exact. */
function halfwayAbove(value: number): string {
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const mantissa = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4)) | (biased === 0 ? 0n : 1n << 52n);
  const exponent = Math.max(biased, 1) - 1076;
  const doubled = 2n * mantissa + 1n;
  if (exponent >= 0) return String(doubled << BigInt(exponent));
  return `${doubled * 5n ** BigInt(-exponent)}e${exponent}`;
}

test('random bits, written by the engine, read back as themselves', () => {
  checkReading(many(60_000, () => String(randomDouble())));
  checkReading(many(20_000, () => randomDouble().toExponential(16)));
});

test('sensor values of any length read as the engine reads them', () => {
  checkReading(many(40_000, () => `${below(2) === 0 ? '-' : ''}${below(1000)}.${digits(1 + below(4))}`));
  checkReading(many(40_000, () => `${below(100)}.${digits(14 + below(6))}`));
  checkReading(many(20_000, () => String(below(2 ** 31) * below(2 ** 31))));
});

test('long digits with any exponent read as the engine reads them', () => {
  checkReading(many(30_000, () => `${1 + below(9)}${digits(below(40))}.${digits(1 + below(40))}e${below(700) - 350}`));
  checkReading(many(2_000, () => `0.${'0'.repeat(below(320))}${digits(1 + below(400))}`));
  checkReading(many(500, () => `${1 + below(9)}${digits(900)}e-${600 + below(600)}`));
});

test('the point halfway between two doubles goes to the even one, a digit more or less to its side', () => {
  const values = [...many(1500, () => Math.abs(randomDouble())), ...many(500, () => below(1e6) / 64), ...many(500, () => below(1e9) * 5e-324)];
  checkReading(values.flatMap((value) => {
    const exact = halfwayAbove(value);
    const [mantissa = '', exponent = '0'] = exact.split('e');
    return [exact, `${mantissa}1e${Number(exponent) - 1}`, `${BigInt(mantissa) - 1n}e${exponent}`, `${mantissa}${'0'.repeat(800)}1e${Number(exponent) - 801}`];
  }));
});

test('subnormals and the ends of the range read as the engine reads them', () => {
  checkReading(many(20_000, () => String(below(2 ** 32) * 2 ** below(20) * 5e-324)));
  checkReading(['0', '-0', '0.0', '-0.0e5', '1e308', '1.7976931348623158e308', '1.7976931348623159e308', '4.9e-324', '2.4703282292062328e-324', '1e-400', '1e400']);
  checkReading(['9007199254740993', '9007199254740992.5', '18446744073709551615', '18446744073709551616', '9999999999999999999', '99999999999999999999']);
});

test('every double is written as the engine writes it', () => {
  checkWriting(Float64Array.from({ length: 100_000 }, randomDouble));
  checkWriting(Float64Array.from({ length: 40_000 }, () => below(1e9) / 10 ** below(9)));
  checkWriting(Float64Array.from({ length: 20_000 }, () => below(2 ** 32) * 2 ** below(30)));
  checkWriting(Float64Array.from({ length: 20_000 }, () => below(2 ** 32) * 5e-324));
  checkWriting(Float64Array.from({ length: 2_100 }, (_, index) => 2 ** (index - 1075)));
  checkWriting(Float64Array.from({ length: 640 }, (_, index) => Number(`1e${index - 325}`)));
  checkWriting(Float64Array.of(0, -0, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 9007199254740993));
});

test('every FLOAT is written shortest: it reads back as itself, and no shorter text does', () => {
  const values = Float32Array.from({ length: 60_000 }, randomDouble).map((value, index) => (
    Number.isFinite(value) && value !== 0 ? value : index + 0.1));
  bits.setUint32(0, 1);
  values.set([bits.getFloat32(0), 3.4028235e38, 0.1, 16777216, 2 ** -126, 1e10, 1.1754942e-38], 0);
  for (let index = 0; index < 30_000; index += 1) {
    bits.setUint32(0, word());
    const value = bits.getFloat32(0);
    if (Number.isFinite(value) && value !== 0) values[index + 100] = value;
  }
  for (const { memory, writeSingles } of builds) {
    new Float32Array(memory.buffer, OUTPUT, values.length).set(values);
    const end = writeSingles(values.length);
    const texts = new TextDecoder().decode(new Uint8Array(memory.buffer, INPUT, end - INPUT)).split('\n');
    values.forEach((value, index) => {
      const text = texts[index] ?? '';
      if (Math.fround(Number(text)) !== value) assert.unreachable(`seed ${SEED}: ${value} is written as ${text}`);
      let precision = 1;
      while (Math.fround(Number(value.toPrecision(precision))) !== value) precision += 1;
      const length = text.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
      if (length > precision) assert.unreachable(`seed ${SEED}: ${value} is written as ${text}, ${precision} digits are enough`);
    });
  }
});

test.run();
