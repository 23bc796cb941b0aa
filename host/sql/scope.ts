/** Finds what a name stands for among the columns of the tables in sight. */
import type { Span } from '../plan/nodes.ts';
import { suggestion } from '../plan/similar.ts';
import { withNullable } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import type { Field, Report } from './job.ts';
import type { Identifier, Syntax } from './syntax.ts';

/** One table of FROM. */
export interface ScopeTable { readonly name: string | undefined; readonly fields: readonly Field[] }

export interface Scope {
  /** For `t.column`; none where a table defines its own columns. */
  readonly tables: readonly ScopeTable[];
  /** What stands for `*`, and what a name alone can mean. */
  readonly fields: readonly Field[];
  /** The query around this one: its columns are numbered -1, -2, … */
  readonly outer?: Scope | undefined;
}

export const EMPTY: Scope = { tables: [], fields: [] };

/** The number of an outer query's column inside of a subquery, and back. */
export function outerIndex(index: number): number { return -1 - index; }

type Name = Extract<Syntax, { kind: 'name' }>;

/** A name resolved: the field, its type with the nullability of the ROWs around it. */
export function resolve(scope: Scope, name: Name, report: Report): Field | undefined {
  const [first] = name.parts;
  if (first === undefined) return undefined;
  // `t.c` is a column of the table t, also where there is a column t; a field c of that column only where the table has none
  const isField = (field: Field): boolean => field.name === first.text;
  const inner = name.parts.length < 2 ? [] : scope.tables.filter(
    (table) => table.name === first.text && (table.fields.some((field) => field.name === name.parts[1]?.text) || !scope.fields.some(isField)),
  );
  if (inner.length === 0 && scope.outer !== undefined && !scope.fields.some(isField)) {
    const found = resolve(scope.outer, name, () => undefined);
    if (found?.place.kind === 'column') return { ...found, place: { kind: 'column', index: outerIndex(found.place.index) } };
  }
  if (inner.length > 1) {
    report('ambiguous', first.span, `there are two tables ${first.text} in FROM`, 'give one another name with AS');
    return undefined;
  }
  const [table] = inner;
  return walk(scope, table, name.parts.slice(table === undefined ? 0 : 1), name, report);
}

function walk(scope: Scope, table: ScopeTable | undefined, parts: readonly Identifier[], name: Name, report: Report): Field | undefined {
  let fields = table?.fields ?? scope.fields;
  let found: Field | undefined;
  let isNullable = false;
  for (const [depth, part] of parts.entries()) {
    if (found?.place.kind === 'broken') return undefined;
    if (found !== undefined && found.place.kind !== 'row') {
      report('type', part.span, `${found.name} has no fields: it is ${found.type.name}`);
      return undefined;
    }
    const matches = fields.filter((field) => field.name === part.text);
    const [match] = matches;
    if (match === undefined) {
      const what = depth > 0 ? 'field' : table === undefined && parts.length > 1 ? 'table or column' : 'column';
      reportUnknown({ scope, table, part, what, fields, parent: found }, report);
      return undefined;
    }
    if (matches.length > 1) {
      reportAmbiguous(scope, part, name.span, report);
      return undefined;
    }
    isNullable ||= match.type.isNullable;
    found = match;
    if (match.place.kind === 'row') fields = match.place.fields;
  }
  if (found === undefined || found.type.isNullable === isNullable) return found;
  return { ...found, type: withNullable(found.type, isNullable) };
}

function reportAmbiguous(scope: Scope, part: Identifier, span: Span, report: Report): void {
  const owners = scope.tables.filter((table) => table.name !== undefined && table.fields.some((field) => field.name === part.text));
  if (owners.length < 2) {
    report('ambiguous', span, `there are two columns ${part.text} here`, 'give one another name where the table or subquery makes it');
    return;
  }
  const names = owners.map((table) => table.name);
  report('ambiguous', span, `${part.text} stands in ${listed(names as string[])}`, `write ${names.map((owner) => `${owner}.${part.text}`).join(' or ')}`);
}

function listed(names: readonly string[]): string { return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`; }

interface Unknown {
  readonly scope: Scope; readonly table: ScopeTable | undefined; readonly part: Identifier; readonly what: string;
  readonly fields: readonly Field[]; readonly parent: Field | undefined;
}

function reportUnknown({ scope, table, part, what, fields, parent }: Unknown, report: Report): void {
  const tables = scope.tables.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const owner = parent?.name ?? table?.name ?? (tables.length === 0 ? undefined : listed(tables));
  const known = [...new Set(fields.map((field) => field.name))];
  const names = parent === undefined && table === undefined ? [...known, ...tables] : known;
  const shown = known.length > 0 && known.length <= 12 ? `there are ${known.join(', ')}` : undefined;
  report('unknown-column', part.span, `no ${what} ${part.text} ${owner === undefined ? 'here' : `in ${owner}`}`, suggestion(part.text, names) ?? shown);
}

/** All leaf columns of a field, with the path to each. */
export function leaves(field: Field, isNullable = false): readonly { readonly index: number; readonly type: SqlType }[] {
  const isNull = isNullable || field.type.isNullable;
  if (field.place.kind === 'row') return field.place.fields.flatMap((inner) => leaves(inner, isNull));
  if (field.place.kind !== 'column') return [];
  return [{ index: field.place.index, type: isNull && !field.type.isNullable ? withNullable(field.type, true) : field.type }];
}

/** The field with each of its columns elsewhere. */
export function relocated(field: Field, change: (index: number) => number): Field {
  switch (field.place.kind) {
    case 'column': return { ...field, place: { kind: 'column', index: change(field.place.index) } };
    case 'either': return { ...field, place: { kind: 'either', indices: field.place.indices.map(change) } };
    case 'row': return { ...field, place: { kind: 'row', fields: field.place.fields.map((inner) => relocated(inner, change)) } };
    case 'broken': return field;
    default: { const unreachable: never = field.place; return unreachable; }
  }
}
