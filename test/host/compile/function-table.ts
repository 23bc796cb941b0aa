/** docs/functions.md: what golden answers tell of each function. Nothing is ticked that no answer of Flink was compared with. */
import type { Judgement } from './function-judgement.ts';

/** What the numbers do not tell. */
const NOTES: Readonly<Record<string, string>> = {
  UPPER: 'letters that become several ones stay, but for ß',
  LPAD: 'lengths are code points; Flink counts halves of characters outside of the basic plane',
  RPAD: 'as LPAD',
  INSTR: 'without a start and an occurrence',
  REGEXP: 'the pattern is a constant, checked with the job; no back references, look-around, possessive quantifiers',
  REGEXP_EXTRACT: 'as REGEXP; the group is a constant',
  REGEXP_REPLACE: 'as REGEXP',
  REGEXP_COUNT: 'as REGEXP',
  REGEXP_INSTR: 'as REGEXP',
  REGEXP_SUBSTR: 'as REGEXP',
  'SIMILAR TO': 'the pattern is a constant; no ESCAPE',
  POWER: 'within one unit in the last place of Java, as all that follow to TANH',
  COT: 'within two units in the last place',
  LOG: 'with a base within two units in the last place',
  LOG2: 'within two units in the last place',
  TO_DATE: 'NULL for text that its format cannot read, where Flink gives 5471-09-27; proleptic calendar before 1582; no yy',
  FROM_UNIXTIME: 'proleptic calendar before 1582',
  DATE_FORMAT: 'the format is a constant',
  TO_TIMESTAMP: 'the format is a constant',
  UNIX_TIMESTAMP: 'without arguments the arrival of the row',
  'FLOOR(time TO unit)': 'a TIME only to HOUR and below',
  'CEIL(time TO unit)': 'as FLOOR',
  JSON_EXISTS: 'paths of members and indices',
  JSON_VALUE: 'paths of members and indices; RETURNING STRING only; numbers as they are written',
  ENCODE: 'UTF-8 only',
  DECODE: 'UTF-8 only',
  CONVERT_TZ: 'zones are constants, their tables from 1900 to 2100 part of the module; an unknown zone is refused, where Flink takes UTC',
  SHA2: 'the number of bits is a constant',
  'RAND, RAND_INTEGER, UUID': 'refused: a replay would give other values',
};

export function functionTable({ tallies }: Judgement): string {
  const rows = [...tallies].map(([name, { agreed, asked }]) => {
    const isThere = agreed === asked ? 'yes' : agreed > 0 ? 'partly' : 'no';
    const compared = agreed === 0 ? '' : agreed === asked ? `${asked} answers compared` : `${agreed} of ${asked} answers compared; other forms are refused`;
    const note = [compared, NOTES[name] ?? ''].filter((part) => part !== '').join('; ');
    return `| ${name.replaceAll('|', '\\|')} | yes | ${isThere} | ${note} |`;
  });
  return `# Functions

What Flink 2.3 has and what Millrace has of it. The table is written by \`npm run golden -- --update function-golden\` from
[test/golden/functions.json](../test/golden/functions.json), Flink's own answers: *yes* means that every call in it was compared and agrees, *partly* that the others are
refused when the job is checked. Aggregates and windows are in [sql.md](sql.md).

| Function | Flink | Millrace | Notes |
|---|---|---|---|
${rows.join('\n')}
`;
}
