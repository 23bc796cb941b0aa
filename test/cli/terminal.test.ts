/** A bare SELECT on a terminal: a live table that fits, lines for people above it, and a clean end. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, millrace, until, workFolder } from './command.ts';
import { hasTerminal, openTerminal, type Terminal } from './terminal.ts';

const JOB = `CREATE TABLE g (n BIGINT, a_rather_long_name_of_a_column STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '50',
  'fields.n.kind' = 'sequence', 'fields.a_rather_long_name_of_a_column.values' = 'a text of thirty characters ..');
SELECT n, a_rather_long_name_of_a_column AS name_one, a_rather_long_name_of_a_column FROM g;
SELECT n FROM g WHERE n < 3;`;
const folder = workFolder();
writeFileSync(join(folder, 'job.sql'), JOB);
const CTRL_C = '\u0003';
const terminalTest = hasTerminal ? test : test.skip;
if (!hasTerminal) console.log('SKIPPED: no pseudo terminal, util-linux has `script`');

const newest = (terminal: Terminal): number => Number(/^print +([\d,]+) rows/m.exec(terminal.screen().join('\n'))?.[1]?.replaceAll(',', '') ?? 0);

terminalTest('a table shows the newest rows, follows the size of the terminal, and leaves a summary on the last lines', async () => {
  await millrace(['run', join(folder, 'job.sql'), '--for', '100ms', '--data', join(folder, 'warm')]); // compiles
  const terminal = openTerminal(`${commandLine} run ${join(folder, 'job.sql')} --data ${join(folder, 'data')}`, { columns: 100, lines: 30 });
  await until(() => newest(terminal) > 30);
  const wide = terminal.screen();
  assert.match(wide.join('\n'), /starting at log record 0/, 'what is logged stays above the table');
  assert.is(wide.filter((line) => line.startsWith('print ')).length, 1, 'each table stands there once');
  assert.is(wide.filter((line) => line.startsWith('print-2 ')).length, 1);
  assert.ok(wide.some((line) => /^ *\d+ {2}a text of thirty characters/.test(line)), wide.join('\n'));
  assert.ok(wide.length < 30, `${wide.length} lines`);

  terminal.resize({ columns: 40, lines: 12 });
  const before = newest(terminal);
  await until(() => newest(terminal) > before + 20);
  const narrow = terminal.screen();
  assert.ok(narrow.length < 12, narrow.join('\n'));
  assert.ok(narrow.every((line) => line.length <= 40));
  assert.is(narrow.filter((line) => line.startsWith('print ')).length, 1, narrow.join('\n'));

  terminal.resize({ columns: 100, lines: 40 });
  terminal.type(CTRL_C);
  assert.is(await terminal.ended, 0);
  const end = terminal.screen();
  assert.equal(end.slice(-5).map((line) => line.split(/ +/)[0]), ['received', 'acknowledged', 'results', 'late', 'rejected'], end.join('\n'));
  assert.match(end.join('\n'), /stopping \(again to kill\)/);
});

terminalTest('rows that go to a file are JSON lines there, and people read on the terminal', async () => {
  const out = join(folder, 'rows.jsonl');
  const job = `${commandLine} run ${join(folder, 'job.sql')} --data ${join(folder, 'split')} --for 300ms`;
  const terminal = openTerminal(`sh -c "${job} > ${out}"`, { columns: 100, lines: 30 });
  assert.is(await terminal.ended, 0);
  assert.match(terminal.screen().join('\n'), /^received +\d+/m);
  assert.not.match(terminal.screen().join('\n'), /"n":/);
  for (const line of readFileSync(out, 'utf8').trim().split('\n')) JSON.parse(line);
});

test.run();
