/** 128-bit DECIMAL arithmetic against BigInt: random operations of every kind, over all scales, with extremes. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { STATE } from '../../../assembly/abi.ts';
import { compileText } from '../../json/compile.ts';

const OPERATIONS = 150_000;
const SEED = Number(process.env['SEED'] ?? 20240229);
const [A, B, INTO] = [STATE, STATE + 16, STATE + 32];

const module = await compileText(`
import {
  addDecimal, divideDecimal, moduloDecimal, multiplyDecimal, rescale, subtractDecimal, floorDecimal, ceilDecimal, longOfDecimal,
  roundDecimal,
} from "millrace/assembly/scalar/decimal";
import { compareWide } from "millrace/assembly/scalar/wide";
import { doubleOfWide, decimalOfDouble } from "millrace/assembly/scalar/approximate";
import { reset } from "millrace/assembly/text/arena";
import { clearError } from "millrace/assembly/error";
export function run(name: i32, x: i32, y: i32, precision: i32, scale: i32): i32 {
  clearError();
  reset();
  switch (name) {
    case 0: return i32(addDecimal(${A}, x, ${B}, y, ${INTO}, precision, scale));
    case 1: return i32(subtractDecimal(${A}, x, ${B}, y, ${INTO}, precision, scale));
    case 2: return i32(multiplyDecimal(${A}, ${B}, x + y, ${INTO}, precision, scale));
    case 3: return i32(divideDecimal(${A}, x, ${B}, y, ${INTO}, precision, scale, 1));
    case 4: return i32(moduloDecimal(${A}, x, ${B}, y, ${INTO}, precision, scale, 1));
    case 5: return i32(rescale(${A}, x, ${INTO}, precision, scale));
    case 6: return i32(floorDecimal(${A}, x, ${INTO}, precision, scale));
    case 7: return i32(ceilDecimal(${A}, x, ${INTO}, precision, scale));
    case 8: return i32(roundDecimal(${A}, x, y - 19, ${INTO}, precision, scale));
    case 9: return compareWide(${A}, ${B});
  }
  store<i64>(${INTO}, longOfDecimal(${A}, x));
  return 1;
}
export function toDouble(scale: i32): f64 { reset(); return doubleOfWide(${A}, scale); }
export function fromDouble(value: f64, precision: i32, scale: i32): i32 { reset(); return i32(decimalOfDouble(value, ${INTO}, precision, scale)); }
`, { isSimd: true });
const instance = new WebAssembly.Instance(new WebAssembly.Module(module));
const view = new DataView((instance.exports['memory'] as WebAssembly.Memory).buffer);
const run = instance.exports['run'] as (name: number, x: number, y: number, precision: number, scale: number) => number;
const toDouble = instance.exports['toDouble'] as (scale: number) => number;
const fromDouble = instance.exports['fromDouble'] as (value: number, precision: number, scale: number) => number;

function put(address: number, value: bigint): void {
  view.setBigUint64(address, BigInt.asUintN(64, value), true);
  view.setBigInt64(address + 8, BigInt.asIntN(64, value >> 64n), true);
}

function taken(): bigint { return (view.getBigInt64(INTO + 8, true) << 64n) | view.getBigUint64(INTO, true); }

/** Random 32-bit numbers from a seed. Source: xorshift, Marsaglia 2003. */
function random(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

const next = random(SEED);
const TEN = (power: number): bigint => 10n ** BigInt(power);

/** Up to 38 digits, of every length; runs of nines, zeros and ones are frequent. */
function anyDecimal(): bigint {
  const digits = 1 + next(38);
  const luck = next(8);
  let value = 0n;
  if (luck === 0) value = TEN(digits) - 1n;
  else if (luck === 1) value = TEN(digits - 1);
  else if (luck === 2) value = BigInt(next(3));
  else if (luck === 3) value = (1n << BigInt(1 + next(126))) - BigInt(next(2));
  else for (let i = 0; i < digits; i += 9) value = value * TEN(9) + BigInt(next(1e9));
  value %= TEN(digits);
  return next(2) === 0 ? value : -value;
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** Half away from zero. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  const doubled = 2n * size(numerator) + size(denominator);
  const quotient = doubled / (2n * size(denominator));
  return (numerator < 0n) === (denominator < 0n) ? quotient : -quotient;
}

function scaled(value: bigint, from: number, to: number): bigint {
  return to >= from ? value * TEN(to - from) : halfUp(value, TEN(from - to));
}

function floored(value: bigint, scale: number): bigint {
  const cut = value / TEN(scale);
  return value < 0n && cut * TEN(scale) !== value ? cut - 1n : cut;
}

/** What the operation gives at the result's scale; undefined when it fails. */
function expected(name: number, a: bigint, x: number, b: bigint, y: number, scale: number): bigint | undefined {
  const common = Math.max(x, y);
  const [left, right] = [a * TEN(common - x), b * TEN(common - y)];
  switch (name) {
    case 0: return scaled(left + right, common, scale);
    case 1: return scaled(left - right, common, scale);
    case 2: return scaled(a * b, x + y, scale);
    case 3: return b === 0n ? undefined : halfUp(a * TEN(scale + y), b * TEN(x));
    case 4: return b === 0n ? undefined : scaled(left % right, common, scale);
    case 5: return scaled(a, x, scale);
    case 6: return floored(a, x) * TEN(scale);
    case 7: return -floored(-a, x) * TEN(scale);
    default: {
      const digits = y - 19;
      if (digits >= x) return scaled(a, x, scale);
      const rounded = halfUp(a, TEN(x - digits));
      return rounded * TEN(scale - digits);
    }
  }
}

const test = suite(`wide decimals, seed ${SEED}`);

test('sums, products, quotients, rests and roundings are those of BigInt, and what has too many digits is refused', () => {
  for (let i = 0; i < OPERATIONS; i += 1) {
    const name = next(9);
    const [a, b] = [anyDecimal(), next(50) === 0 ? 0n : anyDecimal()];
    const [x, y, precision] = [next(39), next(39), 1 + next(38)];
    const scale = Math.max(next(precision + 1), name === 8 ? Math.max(0, y - 19) : 0);
    put(A, a);
    put(B, b);
    const fits = run(name, x, y, precision, scale) === 1;
    const value = expected(name, a, x, b, y, scale);
    const shown = `operation ${name} of ${a} scale ${x} and ${b} scale ${y} to (${precision}, ${scale})`;
    assert.is(fits, value !== undefined && size(value) < TEN(precision), shown);
    if (fits) assert.is(taken(), value, shown);
  }
});

test('comparisons and integer parts are those of BigInt', () => {
  for (let i = 0; i < OPERATIONS / 10; i += 1) {
    const [a, x] = [anyDecimal(), next(39)];
    const b = next(4) === 0 ? a + BigInt(next(3) - 1) : anyDecimal();
    put(A, a);
    put(B, b);
    assert.is(Math.sign(run(9, 0, 0, 0, 0)), a < b ? -1 : a > b ? 1 : 0, `${a} and ${b}`);
    run(10, x, 0, 0, 0);
    assert.is(view.getBigInt64(INTO, true), BigInt.asIntN(64, a / TEN(x)), `${a} scale ${x}`);
  }
});

test('doubles of decimals are the nearest, and decimals of doubles those of their shortest text', () => {
  for (let i = 0; i < OPERATIONS / 10; i += 1) {
    const [a, x] = [anyDecimal(), next(39)];
    put(A, a);
    assert.is(toDouble(x) + 0, Number(`${a}e-${x}`) + 0, `${a} scale ${x}`);
    const value = (next(2) === 0 ? 1 : -1) * next(2 ** 30) * 10 ** (next(40) - 20);
    const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value)) ?? [];
    const places = fraction.length - Number(exponent);
    const exact = BigInt(whole + fraction) * (value < 0 ? -1n : 1n);
    const scale = next(20);
    const answer = places >= 0 ? scaled(exact, places, scale) : exact * TEN(scale - places);
    const fits = fromDouble(value, 38, scale) === 1;
    assert.is(fits, size(answer) < TEN(38), `${value} to scale ${scale}`);
    if (fits) assert.is(taken(), answer, `${value} to scale ${scale}`);
  }
});

test.run();
