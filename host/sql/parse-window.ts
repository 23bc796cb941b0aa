/** Window functions: TUMBLE, HOP, CUMULATE and SESSION, their arguments in order or by name. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseRelation } from './parse-from.ts';
import { parseHints } from './parse-hint.ts';
import type { Identifier, Relation, Syntax, WindowFunction, WindowFunctionName } from './syntax.ts';

type Argument = 'DATA' | 'TIMECOL' | 'SIZE' | 'SLIDE' | 'STEP' | 'GAP' | 'OFFSET';
interface Form { readonly args: readonly Argument[]; readonly words: string; readonly example: string }

const FORMS: Readonly<Record<WindowFunctionName, Form>> = {
  TUMBLE: {
    args: ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'], words: 'a table, a time column and a size',
    example: "write TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND)",
  },
  HOP: {
    args: ['DATA', 'TIMECOL', 'SLIDE', 'SIZE', 'OFFSET'], words: 'a table, a time column, a slide and a size',
    example: "write HOP(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)",
  },
  CUMULATE: {
    args: ['DATA', 'TIMECOL', 'STEP', 'SIZE', 'OFFSET'], words: 'a table, a time column, a step and a size',
    example: "write CUMULATE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '1' HOUR)",
  },
  SESSION: {
    args: ['DATA', 'TIMECOL', 'GAP'], words: 'a table, a time column and a gap',
    example: "write SESSION(TABLE t PARTITION BY k, DESCRIPTOR(at), INTERVAL '30' SECOND)",
  },
};

export function isAtWindowFunction(cursor: Cursor): boolean {
  return cursor.peek().keyword in FORMS && cursor.peek(1).text === '(';
}

/** Requires: a window function stands here. */
export function parseWindowFunction(cursor: Cursor): WindowFunction {
  const token = cursor.next();
  const name = token.keyword as WindowFunctionName;
  const form = FORMS[name];
  cursor.expectSymbol('(', `after ${name}`);
  const found: { data?: Input; time?: Identifier; intervals: Partial<Record<Argument, Syntax>> } = { intervals: {} };
  let position = 0;
  cursor.list(() => {
    const label = cursor.peek();
    const isNamed = cursor.peek(1).text === '=>';
    const argument = isNamed ? form.args.find((one) => one === label.text.toUpperCase()) : form.args[position];
    position += 1;
    if (argument === undefined) {
      return cursor.fail(
        'syntax', label, isNamed ? `${name} has no argument ${label.text}` : `${name} takes at most ${NUMBERS[form.args.length]} arguments`, form.example,
      );
    }
    if (isNamed) { cursor.next(); cursor.next(); }
    if (argument === 'DATA') found.data = parseInput(cursor, name);
    else if (argument === 'TIMECOL') found.time = parseDescriptor(cursor);
    else found.intervals[argument] = parseExpression(cursor);
    return undefined;
  });
  const { data, time, intervals } = found;
  const missing = form.args.some((one) => one !== 'OFFSET' && one !== 'DATA' && one !== 'TIMECOL' && intervals[one] === undefined);
  if (data === undefined || time === undefined || missing) {
    return cursor.fail('syntax', { start: token.start, end: cursor.peek().end }, `${name} needs ${form.words}`, form.example);
  }
  cursor.expectSymbol(')', `after the arguments of ${name}`);
  return {
    kind: 'window', name, input: data.relation, partition: data.partition, timeColumn: time,
    size: intervals.SIZE, step: intervals.SLIDE ?? intervals.STEP, gap: intervals.GAP, offset: intervals.OFFSET,
  };
}

const NUMBERS: Readonly<Record<number, string>> = { 3: 'three', 4: 'four', 5: 'five' };

interface Input { readonly relation: Relation; readonly partition: readonly Identifier[] }

function parseInput(cursor: Cursor, name: WindowFunctionName): Input {
  const { start } = cursor.peek();
  if (cursor.isAtSymbol('(')) return { relation: parseRelation(cursor), partition: parsePartition(cursor, name) };
  cursor.expect('TABLE');
  if (cursor.isAtSymbol('(')) return { relation: parseRelation(cursor), partition: parsePartition(cursor, name) };
  const table = cursor.identifier('a table name');
  const hints = parseHints(cursor);
  const span = { start, end: cursor.lastEnd() };
  const relation: Relation = { kind: 'table', name: table, asOf: undefined, hints, alias: undefined, columnAliases: [], span };
  return { relation, partition: parsePartition(cursor, name) };
}

/** PARTITION BY k, or PARTITION BY (k, l): a comma without parentheses goes on with the next argument. */
function parsePartition(cursor: Cursor, name: WindowFunctionName): readonly Identifier[] {
  const token = cursor.peek();
  if (!cursor.take('PARTITION', 'BY')) return [];
  if (name !== 'SESSION') {
    cursor.fail('syntax', { start: token.start, end: cursor.lastEnd() }, `${name} takes no PARTITION BY`, 'GROUP BY the key; only SESSION is partitioned');
  }
  if (!cursor.takeSymbol('(')) return [cursor.identifier('a column name')];
  const names = cursor.list(() => cursor.identifier('a column name'));
  cursor.expectSymbol(')', 'after the partition columns');
  return names;
}

function parseDescriptor(cursor: Cursor): Identifier {
  cursor.expect('DESCRIPTOR');
  cursor.expectSymbol('(');
  const column = cursor.identifier('the time column');
  cursor.expectSymbol(')', 'after the time column');
  return column;
}
