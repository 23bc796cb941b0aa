/** What every plan must be: columns that are there, rows as wide as their nodes say, types that fit. The compiler relies on it. */
import * as assert from 'uvu/assert';
import { columnsOf } from '../../../host/plan/columns.ts';
import { inputsOf, type AggregateCall, type Column, type Expression, type Node, type Plan } from '../../../host/plan/nodes.ts';
import { isSameType, isText } from '../../../host/plan/type-rules.ts';

export function assertValid(plan: Plan): void {
  for (const sink of plan.sinks) if (sink.input !== undefined) {
    assertNode(sink.input);
    assert.is(sink.columns.length, sink.input.columns.length, `${sink.name} is as wide as its input`);
  }
}

function assertNode(node: Node): void {
  inputsOf(node).forEach(assertNode);
  const row = inputsOf(node).flatMap((input) => input.columns);
  const [first] = inputsOf(node);
  const width = first?.columns.length ?? 0;
  const reads = (expression: Expression | undefined): void => { if (expression !== undefined) assertReads(expression, row, node); };
  const has = (...columns: readonly (number | undefined)[]): void => {
    for (const column of columns) assert.ok(column === undefined || column >= 0 && column < width, `${node.kind} reads column ${column} of ${width}`);
  };
  const isTime = (column: number, of: Node): void => {
    const type = of.columns[column]?.type;
    assert.ok(type !== undefined && 'attribute' in type && type.attribute !== undefined, `${node.kind} reads a time`);
  };
  const isWide = (count: number): void => assert.is(node.columns.length, count, `${node.kind} is ${count} wide`);
  switch (node.kind) {
    case 'scan': break;
    case 'values': node.rows.forEach((values) => assert.is(values.length, node.columns.length)); break;
    case 'filter': reads(node.condition); isWide(width); break;
    case 'project':
      node.expressions.forEach(reads);
      isWide(node.expressions.length);
      node.expressions.forEach(({ type }, index) => {
        const column = (node.columns[index] as Column).type;
        // a sink neither cuts nor pads texts: they go in as they are
        assert.ok(isSameType(type, column) || isText(type) && isText(column), `column ${index} of a projection`);
      });
      break;
    case 'windowAggregate': case 'windowTable':
      if (node.window.kind === 'attached') has(node.window.startColumn, node.window.endColumn);
      else {
        has(node.window.timeColumn, ...node.window.kind === 'session' ? node.window.partition : []);
        isTime(node.window.timeColumn, node.input);
      }
      if (node.kind === 'windowTable') { isWide(width + 3); break; }
      node.keys.forEach(reads);
      node.aggregates.forEach((call) => partsOf(call).forEach(reads));
      isWide(node.keys.length + node.aggregates.length + 3);
      break;
    case 'groupAggregate':
      node.keys.forEach(reads);
      node.aggregates.forEach((call) => partsOf(call).forEach(reads));
      isWide(node.keys.length + node.aggregates.length);
      break;
    case 'expand': {
      const count = node.sets[0]?.length ?? 0;
      assert.ok(node.sets.every((set) => set.length === count) && count <= width);
      node.columns.slice(0, count).forEach((column) => assert.ok(column.type.isNullable));
      isWide(width + 1);
      break;
    }
    case 'union':
      node.inputs.forEach((input) => {
        assert.is(input.columns.length, node.columns.length);
        input.columns.forEach(({ type }, index) => assert.ok(isSameType(type, (node.columns[index] as Column).type), 'sides of a union'));
      });
      break;
    case 'join': case 'intervalJoin': case 'windowJoin': case 'temporalJoin': {
      has(...node.leftKeys);
      assert.ok(node.rightKeys.every((key) => key >= 0 && key < node.right.columns.length));
      assert.is(node.leftKeys.length, node.rightKeys.length);
      reads(node.condition);
      if (node.kind === 'intervalJoin' || node.kind === 'temporalJoin') { isTime(node.leftTime, node.left); isTime(node.rightTime, node.right); }
      if (node.kind === 'windowJoin') has(node.leftStart, node.leftEnd);
      isWide(node.type === 'semi' || node.type === 'anti' ? width : row.length);
      break;
    }
    case 'rank':
      has(...node.partition, ...node.order.map(({ column }) => column), node.window?.end);
      assert.ok(node.from >= 1 && node.from <= node.to && Number.isFinite(node.to), 'a rank has an end');
      isWide(width + (node.hasNumber ? 1 : 0));
      break;
    case 'deduplicate': has(...node.partition, node.timeColumn, node.window?.end); isWide(width); break;
    case 'over':
      has(...node.partition, node.timeColumn);
      isTime(node.timeColumn, node.input);
      node.aggregates.forEach((call) => partsOf(call).forEach(reads));
      isWide(width + node.aggregates.length);
      break;
    case 'sort': has(node.timeColumn, ...node.order.map(({ column }) => column)); isTime(node.timeColumn, node.input); isWide(width); break;
    case 'limit': isWide(width); break;
    case 'unnest': reads(node.collection); break;
    default: { const unreachable: never = node; assert.unreachable(unreachable); }
  }
}

function partsOf({ args, filter }: AggregateCall): readonly Expression[] { return [...args, ...filter === undefined ? [] : [filter]]; }

function assertReads(expression: Expression, row: readonly Column[], node: Node): void {
  for (const index of columnsOf(expression)) assert.ok(index >= 0 && index < row.length, `${node.kind} reads column ${index} of ${row.length}`);
  assertTypes(expression, row, node);
}

/** A column is read in the type it has, but for nullability, which a filter may have settled. */
function assertTypes(expression: Expression, row: readonly Column[], node: Node): void {
  switch (expression.kind) {
    case 'column': {
      const { name, type } = row[expression.index] as Column;
      assert.ok(isSameType(type, expression.type), `${node.kind} reads ${name}, ${JSON.stringify(type)}, as ${JSON.stringify(expression.type)}`);
      assert.ok(expression.type.isNullable || !type.isNullable, `${node.kind} reads ${name}, which may be NULL, as NOT NULL`);
      break;
    }
    case 'literal': break;
    case 'call': expression.args.forEach((arg) => assertTypes(arg, row, node)); break;
    case 'cast': assertTypes(expression.input, row, node); break;
    case 'case':
      expression.branches.forEach(({ when, then }) => { assertTypes(when, row, node); assertTypes(then, row, node); });
      assertTypes(expression.otherwise, row, node);
      break;
    default: { const unreachable: never = expression; assert.unreachable(unreachable); }
  }
}
