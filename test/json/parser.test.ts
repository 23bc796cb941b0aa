/** Generated parsers against JSON.parse on random tables and payloads: every layer, both builds, and any broken byte. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { ScanColumn } from '../../host/plan/nodes.ts';
import type { SqlType } from '../../host/plan/types.ts';
import { compileJson, jsonColumn, type JsonModule } from './compile.ts';
import { agrees, referenceRow, type Answer } from './reference.ts';
import { SEED, randomWords } from './seed.ts';

const type = (name: 'STRING' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN'): SqlType => ({ name, isNullable: true });
interface Table { readonly columns: readonly ScanColumn[]; readonly fields: readonly (readonly string[])[]; readonly builds: readonly JsonModule[] }

const TABLES: readonly (readonly ScanColumn[])[] = [
  [jsonColumn('device', type('STRING')), jsonColumn('ts', type('BIGINT')), jsonColumn('temperature', type('DOUBLE')), jsonColumn('status', type('STRING'))],
  [jsonColumn('a', type('DOUBLE')), jsonColumn(['o', 'a'], type('STRING')), jsonColumn(['o', 'p', 'é"\\'], type('BIGINT')), jsonColumn(['o', 'p', 'b'], type('BOOLEAN')), jsonColumn('', type('STRING'))],
  Array.from({ length: 40 }, (_, index) => jsonColumn(`a_rather_long_field_name_${index}`, type((['STRING', 'BIGINT', 'DOUBLE', 'BOOLEAN'] as const)[index % 4] ?? 'STRING'))),
];

async function tableOf(columns: readonly ScanColumn[]): Promise<Table> {
  const fields = columns.flatMap(({ source }) => (source.kind === 'json' ? [source.path] : []));
  const withUnused = [...fields.slice(0, 1), ['unused'], ...fields.slice(1)];
  const builds = await Promise.all([true, false].map((isSimd) => compileJson({ columns, fields: withUnused, isSimd })));
  return { columns, fields: withUnused, builds };
}
const tables = await Promise.all(TABLES.map(tableOf));

// ------------------------------------------------------------------------------------------------------ random payloads

type Tree = string | { readonly text: string } | { readonly members: readonly (readonly [string, Tree])[] } | { readonly items: readonly Tree[] };

const text = fc.oneof(
  fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('OK', 'true', 'TRUE ', '12', ' -7.5 ', '1e3', 'NaN', '-Infinity', 'device-123', '', '"', '\\', '0123456789abcdef', '0123456789abcde"'),
);
const scalar: fc.Arbitrary<Tree> = fc.oneof(
  text, fc.constantFrom('true', 'false', 'null', '-0', '0', '1e400', '12345678', '123456789', '1609459200123', '-1234567890123456', '9223372036854775808', '0.1', '1E-7').map((raw) => ({ text: raw })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ text: String(value) })), fc.maxSafeInteger().map((value) => ({ text: String(value) })),
  fc.integer({ min: -99999, max: 99999 }).map((value) => ({ text: (value / 100).toFixed(2) })),
);
const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, { weight: 5, arbitrary: scalar },
    fc.array(tie('tree'), { maxLength: 3 }).map((items) => ({ items })),
    fc.array(fc.tuple(fc.oneof(fc.constantFrom('a', 'b', 'p', 'é"\\', 'unused'), text), tie('tree')), { maxLength: 4 }).map((members) => ({ members }))),
})).tree;

/** Any members under the table's names and others, some twice, in any order. */
function members(table: Table): fc.Arbitrary<Tree> {
  const names = [...new Set(table.fields.map(([first]) => first ?? ''))];
  const key = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: text });
  return fc.array(fc.tuple(key, tree), { maxLength: 10 }).map((list) => ({ members: list }));
}

/** A payload as its devices mean it: every field once with a fitting value, in declared or any order. */
function fitting(table: Table): fc.Arbitrary<Tree> {
  const value = (name: string | undefined): fc.Arbitrary<Tree> => {
    switch (name) {
      case 'STRING': return text;
      case 'BIGINT': return fc.integer().map((number) => ({ text: String(number) }));
      case 'DOUBLE': return fc.integer({ min: -99999, max: 99999 }).map((number) => ({ text: (number / 100).toFixed(2) }));
      case 'BOOLEAN': return fc.boolean().map((flag) => ({ text: String(flag) }));
      default: return tree;
    }
  };
  const leaves = table.fields.map((path) => value(table.columns.find((column) => column.source.kind === 'json' && column.source.path.join() === path.join())?.type.name));
  return fc.tuple(...leaves).chain((values) => {
    const nested = nest(table.fields, values);
    return fc.oneof(fc.constant(nested), fc.shuffledSubarray([...nested.members]).map((list) => ({ members: list })));
  });
}

interface ObjectTree { readonly members: (readonly [string, Tree])[] }
function nest(paths: readonly (readonly string[])[], values: readonly Tree[]): ObjectTree {
  const root: ObjectTree = { members: [] };
  paths.forEach((path, index) => {
    let at = root;
    for (const step of path.slice(0, -1)) {
      const known = at.members.find(([name]) => name === step)?.[1] as ObjectTree | undefined;
      const child = known ?? { members: [] };
      if (known === undefined) at.members.push([step, child]);
      at = child;
    }
    at.members.push([path.at(-1) ?? '', values[index] ?? { text: 'null' }]);
  });
  return root;
}

/** Writes the tree; the words decide on white space and on which characters are escaped. `style` 0: none of both. */
function print(node: Tree, style: number, word: () => number): string {
  const space = (): string => (style === 0 ? '' : style === 1 ? ' ' : [' ', '\n', '\t', '\r', '  ', '', '', ''][word() % 8] ?? '');
  if (typeof node === 'string') return style < 2 ? JSON.stringify(node) : escaped(node, word);
  if ('text' in node) return node.text;
  const parts = 'items' in node
    ? node.items.map((one) => space() + print(one, style, word))
    : node.members.map(([key, one]) => `${space()}${print(key, style, word)}${style === 2 ? space() : ''}:${space()}${print(one, style, word)}${style === 2 ? space() : ''}`);
  const [open, close] = 'items' in node ? '[]' : '{}';
  return `${open}${parts.join(',')}${style === 2 ? space() : ''}${close}`;
}

function escaped(value: string, word: () => number): string {
  const units = [...value].map((character) => {
    if (word() % 4 !== 0) return JSON.stringify(character).slice(1, -1);
    return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
  });
  return `"${units.join('')}"`;
}

const MUTATIONS = ['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '0', '9', '-', '.', 'e', 'n', 't', 'u', '\u0000', '\u001f'];
function mutate(bytes: Uint8Array, word: () => number): Uint8Array {
  const at = word() % (bytes.length + 1);
  const byte = word() % 3 === 0 ? word() & 255 : (MUTATIONS[word() % MUTATIONS.length] ?? ' ').charCodeAt(0);
  const kind = word() % 3;
  if (kind === 0) return Uint8Array.from([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]);
  if (kind === 1) return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]);
  const changed = Uint8Array.from(bytes);
  if (at < changed.length) changed[at] = byte;
  return changed;
}

// ------------------------------------------------------------------------------------------------------------- properties

function answerOf(build: JsonModule, parse: () => number): Answer {
  if (parse() !== 0) return 'rejected';
  const written = build.write();
  assert.ok(new TextEncoder().encode(written).length + 16 <= build.bound(), `bound ${build.bound()} of ${written}`);
  return JSON.parse(written) as Answer;
}

/** Each build must agree with the reference, also the second time, when the payload's shape has been learned. */
function check(table: Table, payload: Uint8Array): void {
  const expected = referenceRow(payload, table.columns);
  for (const build of table.builds) {
    for (let time = 0; time < 2; time += 1) {
      const actual = answerOf(build, () => build.parse(payload, time === 0 ? 0 : 0x39));
      if (!agrees(expected, actual)) {
        assert.unreachable(`seed ${SEED}: ${JSON.stringify(new TextDecoder().decode(payload))} gives ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
      }
    }
  }
}

const RUNS = { seed: SEED, numRuns: 600 };
const style = fc.integer({ min: 0, max: 2 });

tables.forEach((table, index) => {
  test(`table ${index}: rows are those of JSON.parse, and so are rows behind any changed byte`, () => {
    const payload = fc.oneof(members(table), fitting(table));
    fc.assert(fc.property(payload, style, fc.integer(), (value, spaces, seed) => {
      const word = randomWords(seed);
      const bytes = new TextEncoder().encode(print(value, spaces, word));
      check(table, bytes);
      for (let count = 0; count < 4; count += 1) check(table, mutate(bytes, word));
    }), { ...RUNS, numRuns: index === 2 ? 100 : RUNS.numRuns });
  });

  test(`table ${index}: a payload cut anywhere is refused or equal, whatever stands behind it`, () => {
    fc.assert(fc.property(fitting(table), style, fc.integer(), (value, spaces, seed) => {
      const bytes = new TextEncoder().encode(print(value, spaces, randomWords(seed)));
      for (const build of table.builds) {
        build.parse(bytes);
        for (let end = 0; end < bytes.length; end += 1) {
          const actual = answerOf(build, () => build.parseRange(bytes, 0, end));
          if (!agrees(referenceRow(bytes.subarray(0, end), table.columns), actual)) assert.unreachable(`seed ${SEED}: cut at ${end} of ${new TextDecoder().decode(bytes)}`);
        }
      }
    }), { ...RUNS, numRuns: index === 2 ? 3 : 60 });
  });
});

test.run();
