/** A bound expression as SQL-like text, fully parenthesised where operators nest. */
import type { Column, Expression } from './nodes.ts';
import { bareTypeText } from './type-text.ts';
import type { SqlType } from './types.ts';

const OPERATORS: Readonly<Record<string, string>> = {
  plus: '+', minus: '-', times: '*', divide: '/', mod: '%', eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=',
  and: 'AND', or: 'OR', like: 'LIKE', concatOperator: '||',
};

/** @param columns of the row that the expression reads */
export function expressionText(expression: Expression, columns: readonly Column[]): string {
  const text = (inner: Expression): string => expressionText(inner, columns);
  switch (expression.kind) {
    case 'column': return columns[expression.index]?.name ?? `#${expression.index}`;
    case 'literal': return literalText(expression);
    case 'cast': return `${expression.isTry ? 'TRY_CAST' : 'CAST'}(${text(expression.input)} AS ${bareTypeText(expression.type)})`;
    case 'case': {
      const branches = expression.branches.map(({ when, then }) => `WHEN ${text(when)} THEN ${text(then)}`);
      return `CASE ${branches.join(' ')} ELSE ${text(expression.otherwise)} END`;
    }
    case 'call': {
      const operator = OPERATORS[expression.name];
      const args = expression.args.map(text);
      return operator !== undefined && args.length === 2 ? `(${args.join(` ${operator} `)})` : `${expression.name}(${args.join(', ')})`;
    }
    default: {
      const unreachable: never = expression;
      return unreachable;
    }
  }
}

function literalText({ value, type }: Extract<Expression, { kind: 'literal' }>): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  const time = typeof value === 'bigint' ? timeText(Number(value), type) : undefined;
  if (time !== undefined) return time;
  if (typeof value !== 'bigint' || type.name !== 'DECIMAL' || type.scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(type.scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
}

const DAY_MS = 86_400_000;

function timeText(value: number, type: SqlType): string | undefined {
  switch (type.name) {
    case 'INTERVAL': return `INTERVAL ${value} ${type.unit}`;
    case 'DATE': return `DATE '${new Date(value * DAY_MS).toISOString().slice(0, 10)}'`;
    case 'TIME': return `TIME '${new Date(value).toISOString().slice(11, 19)}'`;
    case 'TIMESTAMP': case 'TIMESTAMP_LTZ': return `${type.name} '${new Date(value).toISOString().replace('T', ' ').replace('Z', '')}'`;
    default: return undefined;
  }
}
