/** Type syntax to SqlType. Precisions that a column cannot have here are refused at their place. */
import type { RowField, SqlType } from '../plan/types.ts';
import { PRECISION_MAX, varchar } from '../plan/type-rules.ts';
import type { Cursor } from './cursor.ts';

/** Times are kept in milliseconds. */
const TIME_PRECISION_MAX = 3;
/** Precision of TIMESTAMP without one, as in Flink. */
const TIMESTAMP_PRECISION = 6;

/** @param isNullable of a type without NULL or NOT NULL */
export function parseType(cursor: Cursor, isNullable = true): SqlType {
  const type = cursor.nested(() => parseBareType(cursor));
  if (cursor.take('NOT', 'NULL')) return nullable(type, false);
  if (cursor.take('NULL')) return nullable(type, true);
  return nullable(type, isNullable);
}

function nullable(type: SqlType, isNullable: boolean): SqlType { return type.name === 'NULL' ? type : { ...type, isNullable }; }

function parseBareType(cursor: Cursor): SqlType {
  const token = cursor.peek();
  if (token.kind !== 'word') return cursor.unexpected('a type');
  cursor.next();
  const isNullable = true;
  switch (token.keyword) {
    case 'BOOLEAN': case 'TINYINT': case 'SMALLINT': case 'INT': case 'BIGINT': case 'FLOAT': case 'STRING': case 'DATE': case 'BYTES':
      return { name: token.keyword, isNullable };
    case 'INTEGER': return { name: 'INT', isNullable };
    case 'DOUBLE': cursor.take('PRECISION'); return { name: 'DOUBLE', isNullable };
    case 'VARCHAR': return varchar(parameters(cursor, 1)[0] ?? Number.POSITIVE_INFINITY, isNullable);
    case 'CHAR': case 'CHARACTER': return { name: 'CHAR', length: parameters(cursor, 1)[0] ?? 1, isNullable };
    case 'DECIMAL': case 'DEC': case 'NUMERIC': return decimalType(cursor);
    case 'TIME': return timeType(cursor, token);
    case 'TIMESTAMP': case 'TIMESTAMP_LTZ': return timestampType(cursor, token.keyword, token);
    case 'ROW': return { name: 'ROW', fields: rowFields(cursor), isNullable };
    case 'ARRAY': case 'MAP': case 'MULTISET': case 'RAW': case 'BINARY': case 'VARBINARY': case 'INTERVAL': case 'VARIANT': case 'DESCRIPTOR':
      return cursor.unsupported(token, `the type ${token.keyword}`);
    default:
      return cursor.fail(
        'unknown-type', token, `there is no type ${token.text}`,
        token.keyword === 'TEXT' ? 'write STRING' : token.keyword === 'REAL' ? 'write FLOAT' : 'types are listed in docs/sql.md',
      );
  }
}

function parameters(cursor: Cursor, most: number): number[] {
  if (!cursor.takeSymbol('(')) return [];
  const found = cursor.list(() => {
    const token = cursor.next();
    if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) return cursor.fail(
      'syntax', token, 'expected a whole number here',
    );
    return Number(token.text);
  });
  if (found.length > most) cursor.fail(
    'syntax', cursor.peek(), `this type takes at most ${most} ${most === 1 ? 'number' : 'numbers'}`,
  );
  cursor.expectSymbol(')');
  return found;
}

function decimalType(cursor: Cursor): SqlType {
  const start = cursor.peek().start;
  const [precision = 10, scale = 0] = parameters(cursor, 2);
  const span = { start, end: cursor.lastEnd() };
  if (precision < 1 || precision > PRECISION_MAX) cursor.fail(
    'type', span, `DECIMAL has 1 to ${PRECISION_MAX} digits, not ${precision}`,
  );
  if (scale > precision) cursor.fail('type', span, `of ${precision} digits, ${scale} cannot stand after the point`);
  return { name: 'DECIMAL', precision, scale, isNullable: true };
}

function timeType(cursor: Cursor, at: { readonly start: number }): SqlType {
  const [precision = 0] = parameters(cursor, 1);
  if (precision > 0) cursor.unsupported(
    { start: at.start, end: cursor.lastEnd() }, `TIME(${precision})`, 'write TIME, which keeps seconds',
  );
  if (cursor.take('WITHOUT')) cursor.expect('TIME', 'ZONE');
  return { name: 'TIME', isNullable: true };
}

function timestampType(
  cursor: Cursor, keyword: 'TIMESTAMP' | 'TIMESTAMP_LTZ', at: { readonly start: number },
): SqlType {
  const [precision = TIMESTAMP_PRECISION] = parameters(cursor, 1);
  let name = keyword;
  if (cursor.take('WITHOUT')) {
    cursor.expect('TIME', 'ZONE');
  } else if (keyword === 'TIMESTAMP' && cursor.take('WITH')) {
    const zone = cursor.peek();
    if (cursor.isAt('TIME')) cursor.unsupported(zone, 'TIMESTAMP WITH TIME ZONE', 'write TIMESTAMP_LTZ(3)');
    cursor.expect('LOCAL', 'TIME', 'ZONE');
    name = 'TIMESTAMP_LTZ';
  }
  if (precision > TIME_PRECISION_MAX) {
    cursor.unsupported(
      { start: at.start, end: cursor.lastEnd() }, `${name}(${precision})`,
      `write ${name}(${TIME_PRECISION_MAX}): times are kept in milliseconds`,
    );
  }
  return { name, precision, isNullable: true };
}

function rowFields(cursor: Cursor): RowField[] {
  const isAngular = cursor.takeSymbol('<');
  if (!isAngular) cursor.expectSymbol('(', 'or < after ROW');
  const fields = cursor.list((): RowField => {
    const name = cursor.identifier('a field name');
    const type = parseType(cursor);
    if (cursor.take('COMMENT')) cursor.string('the comment');
    return { name: name.text, type };
  });
  cursor.expectSymbol(isAngular ? '>' : ')');
  return fields;
}
