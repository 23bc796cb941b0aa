/** Plans against what Apache Flink planned (test/golden/plans.json): the same columns, the same operators, the same changelog. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync } from 'node:fs';
import { changelogOf } from '../../../host/plan/changelog.ts';
import { inputsOf, type Node, type Plan } from '../../../host/plan/nodes.ts';
import { EVERYTHING } from '../../../host/plan/supported.ts';
import { typeText } from '../../../host/plan/type-text.ts';
import { planSql } from '../../../host/sql/index.ts';
import { catalog } from '../sql/catalog.ts';
import { assertValid } from './valid.ts';

interface Case { readonly sql: string; readonly columns?: readonly { readonly name: string; readonly type: string }[]; readonly plan?: readonly string[]; readonly error?: string }
interface Golden { readonly setup: readonly string[]; readonly queries: readonly Case[] }

const golden = JSON.parse(readFileSync('test/golden/plans.json', 'utf8')) as Golden;
/** Formats that carry changes are a connector's matter; the versioned table is read as append-only here. */
const SETUP = `${golden.setup.join(';\n').replaceAll(/, 'format' = '[a-z-]+'/g, '')};\n`;

/** Nodes of Flink that make, move or copy rows, and those that are one here with the node above. */
const LEFT_OUT = /^(Calc|WatermarkAssigner|TableSourceScan|LocalWindowAggregate|DropUpdateBefore)$/;
const OURS: Readonly<Record<Node['kind'], RegExp | undefined>> = {
  scan: undefined, filter: undefined, project: undefined, windowAggregate: /^(Global)?WindowAggregate$/, windowTable: /^WindowTableFunction$/,
  groupAggregate: /^GroupAggregate$/, expand: /^Expand$/, union: /^Union$/, join: /^Join$/, intervalJoin: /^IntervalJoin$/, windowJoin: /^WindowJoin$/,
  temporalJoin: /^TemporalJoin$/, rank: /^(Rank|WindowRank|SortLimit)$/, deduplicate: /^(Rank|WindowDeduplicate)$/, over: /^OverAggregate$/,
  unnest: /^Correlate$/, limit: /^Limit$/, sort: /^TemporalSort$/, values: /^Values$/,
};

function operators(node: Node): Node[] {
  return [...OURS[node.kind] === undefined ? [] : [node], ...inputsOf(node).flatMap(operators)];
}

/** Differences that are meant: pattern of the query -> why. */
const MEANT: ReadonlyMap<RegExp, string> = new Map([
  [/HOP\(.*'(7' SECOND|2' MINUTE), INTERVAL '1' MINUTE\)/, 'a hop may have any slide'],
  [/ (INTERSECT|EXCEPT) SELECT/, 'counted by side in groups, in which NULLs are equal, instead of joined'],
  [/^SELECT x, y FROM \(VALUES/, 'rows of different nullability are one node'],
  [/WHERE EXISTS \(SELECT 1 FROM b\)$/, 'the other side is not counted first'],
  [/RANK\(\) OVER .* rn <=? \d$|DENSE_RANK\(\) OVER .* 3 >= rn$/, 'Top-N by RANK and DENSE_RANK'],
  [/ORDER BY n( NULLS LAST)?\)( AS rn FROM a\) WHERE rn)? = 1$/, 'the first row in an order that is no time changes: Flink says it does not'],
  [/FETCH FIRST ROW ONLY/, 'the number may be left out'],
  [/OVER .* OVER \(PARTITION BY (g|k) ORDER BY rt( ROWS 3 PRECEDING)?\) AS [st] FROM a$/, 'several windows in one query'],
]);

let same = 0;

function differences(one: Case): string[] {
  const { plan, problems } = planSql(SETUP + one.sql, { fileName: 'plans.sql', catalog, features: EVERYTHING });
  const input = plan?.sinks[0]?.input;
  if (input === undefined) {
    const problem = problems.find(({ severity }) => severity === 'error');
    return one.error !== undefined || problem?.code === 'unsupported' ? [] : [`refused: ${problem?.message}`];
  }
  if (one.columns === undefined || one.plan === undefined) return [`Flink refuses it: ${one.error}`];
  assertValid(plan as Plan);
  const found: string[] = [];
  const columns = plan?.sinks[0]?.columns.map(({ name, type }) => `${name} ${typeText(type)}`).join(', ');
  const expected = one.columns.map(({ name, type }) => `${name} ${type.replace(/ \*(ROW|PROC)TIME\*$/, '')}`).join(', ');
  if (columns !== expected) found.push(`columns ${columns}; Flink: ${expected}`);
  const names = one.plan.map((line) => line.trim().split(' ')[0] as string).filter((name) => !LEFT_OUT.test(name));
  const nodes = operators(input);
  if (nodes.length !== names.length || nodes.some((node, index) => OURS[node.kind]?.test(names[index] as string) !== true)) {
    found.push(`operators ${nodes.map(({ kind }) => kind).join(' < ')}; Flink: ${names.join(' < ')}`);
  }
  const mode = /^[A-Za-z]+ ([A-Z,]+)/.exec(one.plan[0] as string)?.[1];
  if (changelogOf(input) !== (mode === 'I' ? 'append' : 'updating')) found.push(`${changelogOf(input)}; Flink: ${mode}`);
  if (found.length === 0) same += 1;
  return found;
}

test('every query is planned as Flink plans it, or refused', () => {
  const wrong = golden.queries.filter(({ sql }) => ![...MEANT.keys()].some((pattern) => pattern.test(sql)))
    .flatMap((one) => differences(one).map((text) => `${one.sql}: ${text}`));
  assert.equal(wrong, []);
  assert.ok(same >= 185, `${same} queries have Flink's plan`);
});

test.run();
