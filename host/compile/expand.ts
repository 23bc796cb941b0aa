/** GROUPING SETS in generated text: each row goes on once a set, its keys that are not in the set NULL. */
import { changelogOf } from '../plan/changelog.ts';
import type { ExpandNode } from '../plan/nodes.ts';
import { APPEND, NOTHING, type Downstream } from './circuit.ts';
import { columnExpressions, nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { addRow, at, fillRow, nullBitText, type Row } from './rows.ts';
import { sourcesOf } from './time.ts';

/** Adds the functions of grouping sets and of all below them. */
export function expand(branch: Branch, node: ExpandNode, down: Downstream): void {
  const { circuit: { job }, name, words } = branch;
  const isUpdating = changelogOf(node) === 'updating';
  const row = addRow(job, job.name(name, 'Set'), node.columns, `A row of ${words}, for one grouping set.`);
  const { push, next } = pushText(branch, row, down, Math.min(...sourcesOf(node)), isUpdating);
  const own = node.columns.length - 1;
  const given: Row = { ...row, layout: { ...row.layout, fields: row.layout.fields.slice(0, own) } };
  nodeText(branch, node.input, {
    over: (feed) => {
      const fill = fillRow(job, given, columnExpressions(feed.view.columns), feed.view, (column) => `column ${column.name} of ${words}`);
      return {
        take: [],
        apply: [
          ...fill,
          `const nullsOf${row.name} = ${row.name}.nulls;`,
          ...node.sets.flatMap((set) => {
            const nulls = set.flatMap((isIn, index) => (isIn ? [] : [nullBitText(row.layout, at(row.layout.fields, index))]));
            return [
              `${row.name}.nulls = ${[`nullsOf${row.name}`, ...nulls].join(' | ')};`,
              `${row.name}.${at(row.layout.fields, own).name} = ${set.reduce((bits, isIn) => bits * 2 + (isIn ? 0 : 1), 0)};`,
              `${push}(${isUpdating ? feed.kind : ''});`,
            ];
          }),
        ],
        needs: NOTHING, outputBytes: undefined, emits: next.emits, drain: next.drain,
      };
    },
  });
  if (isUpdating) job.use('abi', APPEND);
}
