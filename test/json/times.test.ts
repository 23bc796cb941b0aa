/** Dates and times against the engine's Date, and decimals against BigInt, through a generated table. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REJECT_RANGE, REJECT_TYPE } from '../../assembly/abi.ts';
import { compileJson, jsonColumn, type JsonModule } from './compile.ts';
import { SEED, randomWords } from './seed.ts';

const nullable = { isNullable: true } as const;
const COLUMNS = [
  jsonColumn('at', { name: 'TIMESTAMP', precision: 3, ...nullable }), jsonColumn('zoned', { name: 'TIMESTAMP_LTZ', precision: 3, ...nullable }),
  jsonColumn('day', { name: 'DATE', ...nullable }), jsonColumn('clock', { name: 'TIME', ...nullable }), jsonColumn('bytes', { name: 'BYTES', ...nullable }),
  jsonColumn('money', { name: 'DECIMAL', precision: 12, scale: 2, ...nullable }), jsonColumn('wide', { name: 'DECIMAL', precision: 38, scale: 10, ...nullable }),
  jsonColumn('small', { name: 'SMALLINT', ...nullable }), jsonColumn('single', { name: 'FLOAT', ...nullable }),
];
const sql = await compileJson({ columns: COLUMNS });
const iso = await compileJson({ columns: COLUMNS, isIso: true, isSimd: false });
const word = randomWords(SEED);

/** The written text of one column, or the reason of refusal. */
function through(module: JsonModule, column: string, value: string): string | number {
  const reason = module.parse(new TextEncoder().encode(`{"${column}":${value}}`));
  if (reason !== 0) return reason;
  const written = module.write();
  return new RegExp(`"${column}":("[^"]*"|[^,}]*)`).exec(written)?.[1] ?? written;
}

test('any time of the years 0 to 9999 is read and written as it stands', () => {
  const least = Date.UTC(2000, 0, 1) - 2000 * 365.2425 * 86_400_000;
  for (let count = 0; count < 20_000; count += 1) {
    const ms = Math.floor(least + (word() / 2 ** 32) * 9_990 * 365.2425 * 86_400_000) - (count % 3 === 0 ? word() % 1000 : 0);
    const full = new Date(ms).toISOString();
    const fraction = /\.(\d{3})Z/.exec(full)?.[1] ?? '';
    const trimmed = fraction.replace(/0+$/, '');
    const wanted = `${full.slice(0, 19)}${trimmed === '' ? '' : `.${trimmed}`}`;
    assert.is(through(iso, 'at', `"${full.slice(0, -1)}"`), `"${wanted}"`, `seed ${SEED}: ${full}`);
    assert.is(through(sql, 'zoned', `"${full.replace('T', ' ')}"`), `"${wanted.replace('T', ' ')}Z"`, `seed ${SEED}: ${full}`);
    assert.is(through(sql, 'day', `"${full.slice(0, 10)}"`), `"${full.slice(0, 10)}"`);
  }
});

test('the fraction may have up to nine digits; those beyond milliseconds are cut', () => {
  assert.is(through(sql, 'at', '"1969-12-31 23:59:59.9999"'), '"1969-12-31 23:59:59.999"');
  assert.is(through(sql, 'at', '"2020-02-29 12:34:56.123456789"'), '"2020-02-29 12:34:56.123"');
  assert.is(through(sql, 'at', '"2020-02-29 12:34:56.1234567891"'), REJECT_TYPE);
});

test('a date that does not exist is out of range', () => {
  for (const date of ['2019-02-29', '2100-02-29', '2020-13-01', '2020-00-10', '2020-04-31', '2020-01-00']) assert.is(through(sql, 'day', `"${date}"`), REJECT_RANGE);
  assert.is(through(sql, 'day', '"2000-02-29"'), '"2000-02-29"');
  assert.is(through(sql, 'at', '"2020-01-01 24:00:00"'), REJECT_RANGE);
  assert.is(through(sql, 'at', '"2020-01-01 23:60:00"'), REJECT_RANGE);
});

test('other forms are of the wrong type', () => {
  for (const text of ['2020-01-01', '2020-01-01T00:00:00', '2020-01-01 00:00', '2020-01-01 00:00:00Z', '2020-1-1 00:00:00', ' 2020-01-01 00:00:00', '']) {
    assert.is(through(sql, 'at', JSON.stringify(text)), REJECT_TYPE, text);
  }
  assert.is(through(sql, 'zoned', '"2020-01-01 00:00:00"'), REJECT_TYPE);
  assert.is(through(sql, 'at', '1609459200000'), REJECT_TYPE);
  assert.is(through(iso, 'at', '"2020-01-01T00:00"'), '"2020-01-01T00:00:00"');
});

test('years beyond four digits carry their sign', () => {
  assert.is(through(sql, 'day', '"+10000-01-01"'), '"+10000-01-01"');
  assert.is(through(sql, 'day', '"-0001-12-31"'), '"-0001-12-31"');
  assert.is(through(sql, 'day', '"10000-01-01"'), REJECT_TYPE);
});

test('TIME keeps its milliseconds', () => {
  assert.is(through(sql, 'clock', '"23:59:59.999"'), '"23:59:59.999"');
  assert.is(through(sql, 'clock', '"00:00:00"'), '"00:00:00"');
});

test('BYTES are base64 on both sides', () => {
  for (let length = 0; length < 40; length += 1) {
    const text = Buffer.from(Array.from({ length }, () => word() & 255)).toString('base64');
    assert.is(through(sql, 'bytes', `"${text}"`), `"${text}"`);
  }
  assert.is(through(sql, 'bytes', '"YWJ"'), REJECT_TYPE);
  assert.is(through(sql, 'bytes', '"YW!="'), REJECT_TYPE);
});

/** HALF_UP at `scale`, exact, as text with `scale` digits; undefined when it has more than `precision` digits. */
function rounded(digits: bigint, exponent: number, precision: number, scale: number): string | undefined {
  const shift = exponent + scale;
  const magnitude = digits < 0n ? -digits : digits;
  const unit = 10n ** BigInt(Math.max(0, -shift));
  const value = shift >= 0 ? magnitude * 10n ** BigInt(shift) : (2n * magnitude + unit) / (2n * unit);
  if (value >= 10n ** BigInt(precision)) return undefined;
  const text = String(value).padStart(scale + 1, '0');
  return `${digits < 0n && value !== 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

test('decimals are rounded half up to their scale, or refused beyond their precision', () => {
  for (let count = 0; count < 20_000; count += 1) {
    const digits = BigInt(Array.from({ length: 1 + (word() % 40) }, () => word() % 10).join('')) * (word() % 2 === 0 ? 1n : -1n);
    const exponent = (word() % 60) - 40;
    const value = `${digits}e${exponent}`;
    assert.is(through(sql, 'money', value), rounded(digits, exponent, 12, 2) ?? REJECT_RANGE, `seed ${SEED}: ${value}`);
    assert.is(through(iso, 'wide', value), rounded(digits, exponent, 38, 10) ?? REJECT_RANGE, `seed ${SEED}: ${value}`);
  }
  assert.is(through(sql, 'money', '"1.005"'), '1.01');
  assert.is(through(sql, 'money', '0.00499999999999999999999999'), '0.00');
  assert.is(through(sql, 'money', '9999999999.995'), REJECT_RANGE);
});

test('small integers keep their range and take no fraction', () => {
  assert.is(through(sql, 'small', '-32768'), '-32768');
  assert.is(through(sql, 'small', '32768'), REJECT_RANGE);
  assert.is(through(sql, 'small', '1.0'), REJECT_TYPE);
  assert.is(through(sql, 'small', '"7"'), '7');
});

test.run();
