/** Architecture, executable: who may import whom, how long a file may be, what core code and operators may not touch. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix as path } from 'node:path';

type Rule = RegExp | string;
/** [files, what they may import]; the first matching row wins; rows stand in the order of the walk. */
const LAYERS: readonly (readonly [RegExp, readonly Rule[]])[] = [
  [/^assembly\/abi\.ts$/, []],
  [/^assembly\//, [/^assembly\//]],
  [/^host\/ports\.ts$/, []],
  [/^host\/manifest\.ts$/, []],
  [/^host\/(globals|webassembly)\.d\.ts$/, []],
  [/^host\/plan\//, [/^host\/plan\//]],
  [/^host\/(sql|builder)\//, [/^host\/(plan|sql|builder)\//]],
  [/^host\/compile\//, [/^host\/(plan|compile)\//, /^host\/manifest\.ts$/, /^assembly\/abi\.ts$/, 'assemblyscript']],
  [/^host\/runtime\//, [/^host\/runtime\//, /^host\/(ports|manifest)\.ts$/, /^assembly\/abi\.ts$/, 'flatbuffers']],
  [/^host\/platform\/store-lmdb\.ts$/, [/^host\/(runtime\/|ports\.ts)/, /^node:/, 'lmdb']],
  [/^host\/platform\/sim/, [/^host\/(platform\/sim|runtime\/|ports\.ts)/]],
  [/^host\/platform\//, [/^host\/(platform\/|runtime\/|ports\.ts)/, /^node:/]],
  [/^connectors\/mqtt/, [/^connectors\/mqtt\//, /^host\/ports\.ts$/, /^node:/, 'mqtt', 'mqtt-packet']],
  [/^connectors\/(upsert-)?kafka/, [/^connectors\/kafka\//, /^host\/ports\.ts$/, /^node:/, 'kafkajs']],
  [/^connectors\//, [/^host\/ports\.ts$/, /^node:/]],
  [/^host\/rows\.ts$/, [/^host\/ports\.ts$/]],
  [/^host\/cli\/|^host\/index\.ts$/, [/^host\//, /^connectors\//, /^node:/]],
  [/^examples\//, [/^millrace/, /^examples\//, /^node:/, 'mqtt']],
  [/^(test|bench)\//, [/./]],
];
const LINES_MAX = 400;
const TEST_LINES_MAX = 500; // a connector's behaviours belong in one list
const COLUMNS_MAX = 160; // docs/style.md asks for 120; a table row or a format string may run on
const IMPORT = /^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)|^\s*import\s*['"]([^'"]+)['"]/gm;
/** [files, what must not stand there, the remedy]. */
const BANS: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^(host\/(runtime|plan|sql|compile|builder)|assembly)\//, /\bDate\.now\(|\bMath\.random\(|\bperformance\.now\(/, 'clock and randomness come in through host/ports.ts'],
  [/^assembly\//, /^(?:export )?let /m, 'module-level let is a mutable global; keep state in STATE and scratch in SCRATCH'],
  [/^assembly\//, /\bnew [A-Z]|\bheap\.(?:alloc|free)/, 'managed objects are forbidden; lay records out in linear memory'],
  [/^assembly\/(?!abi)/, /:\s*string\b|\bString\b|\bArray</, 'managed strings and arrays are forbidden; use Text and memory'],
  [/^(host|connectors|assembly)\//, /\bTODO\b|\bFIXME\b|\bXXX\b/, 'open an issue and name its number in prose'],
  [/^(host|connectors)\//, /:\s*any\b|<any>|\bas any\b/, 'say what it is, or unknown'],
];

const files = execSync('git ls-files --cached --others --exclude-standard "*.ts"', { encoding: 'utf8' })
  .split('\n').filter((file) => file !== '' && existsSync(file) && !file.startsWith('test/golden/'));

export function violations(file: string, text: string): string[] {
  const found: string[] = [];
  const lines = text.split('\n');
  const linesMax = file.startsWith('test/') ? TEST_LINES_MAX : LINES_MAX;
  if (lines.length - 1 > linesMax) found.push(`${file}: ${lines.length - 1} lines, at most ${linesMax}; split it by noun`);
  lines.forEach((line, index) => {
    if (line.length > COLUMNS_MAX && !/^(test|bench)\//.test(file)) found.push(`${file}:${index + 1}: ${line.length} columns, at most ${COLUMNS_MAX}`);
  });
  const row = LAYERS.find(([layer]) => layer.test(file));
  if (!row) return [...found, `${file}: belongs to no layer; put it where the walk passes, or add a row`];
  for (const [, from, dynamic, bare] of text.matchAll(IMPORT)) {
    let to = from ?? dynamic ?? bare ?? '';
    if (to.startsWith('.')) to = path.join(path.dirname(file), to);
    if (file.startsWith('assembly/') && !to.endsWith('.ts')) to += '.ts';
    const isAllowed = row[1].some((rule) => (typeof rule === 'string' ? to === rule || to.startsWith(`${rule}/`) : rule.test(to)));
    if (!isAllowed) found.push(`${file}: may not import ${to}`);
  }
  for (const [layer, banned, remedy] of BANS) {
    const match = layer.test(file) ? banned.exec(text.replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '')) : null;
    if (match) found.push(`${file}: ${JSON.stringify(match[0].trim())} is banned: ${remedy}`);
  }
  return found;
}

test('every file obeys the layers, the bans and the length limit', () => {
  assert.equal(files.flatMap((file) => violations(file, readFileSync(file, 'utf8'))), []);
});

test('every layer names files that exist', () => {
  const optional = /builder|examples/;
  assert.equal(LAYERS.filter(([layer]) => !optional.test(layer.source) && !files.some((file) => layer.test(file))).map(([layer]) => layer.source), []);
});

test('the checker itself catches a wrong-way import, a clock, a global, a managed object and a long file', () => {
  assert.equal(violations('host/runtime/log.ts', "import { parse } from '../sql/parser.ts';"), ['host/runtime/log.ts: may not import host/sql/parser.ts']);
  assert.equal(violations('connectors/mqtt.ts', "import { Kafka } from 'kafkajs';\nimport type { Source } from '../host/ports.ts';"), ['connectors/mqtt.ts: may not import kafkajs']);
  assert.equal(violations('host/runtime/pump.ts', 'const t = Date.now();').length, 1);
  assert.equal(violations('assembly/window/tumble.ts', 'let open: i64 = 0;').length, 1);
  assert.equal(violations('assembly/window/tumble.ts', 'const a = new Pane();').length, 1);
  assert.equal(violations('host/plan/nodes.ts', '\n'.repeat(LINES_MAX + 1)).length, 1);
  assert.equal(violations('host/elsewhere.ts', ''), ['host/elsewhere.ts: belongs to no layer; put it where the walk passes, or add a row']);
});

test.run();
