/** Finds what a name stands for among the columns in sight. */
import { suggestion } from '../plan/similar.ts';
import { withNullable } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import type { Field, Report } from './job.ts';
import type { Syntax } from './syntax.ts';

export interface Scope {
  /** Name of the table in sight, for `t.column`; undefined where there is none (computed columns). */
  readonly table: string | undefined;
  readonly fields: readonly Field[];
}

/** A name resolved: the field, its type with the nullability of the ROWs around it. */
export function resolve(scope: Scope, name: Extract<Syntax, { kind: 'name' }>, report: Report): Field | undefined {
  const [first, ...rest] = name.parts;
  if (first === undefined) return undefined;
  const isTable = first.text === scope.table && rest.length > 0 && !scope.fields.some(
    (field) => field.name === first.text,
  );
  const parts = isTable ? rest : name.parts;
  let fields = scope.fields;
  let found: Field | undefined;
  let isNullable = false;
  for (const [depth, part] of parts.entries()) {
    if (found?.place.kind === 'broken') return undefined;
    if (found !== undefined && found.place.kind !== 'row') {
      report('type', part.span, `${found.name} has no fields: it is ${found.type.name}`);
      return undefined;
    }
    const match = fields.find((field) => field.name === part.text);
    if (match === undefined) {
      reportUnknown(
        scope, part,
        depth === 0 && !isTable ? (parts.length > 1 ? 'table or column' : 'column') : depth === 0 ? 'column' : 'field',
        fields, found, report,
      );
      return undefined;
    }
    isNullable ||= match.type.isNullable;
    found = match;
    if (match.place.kind === 'row') fields = match.place.fields;
  }
  if (found === undefined || found.type.isNullable === isNullable) return found;
  return { ...found, type: withNullable(found.type, isNullable) };
}

function reportUnknown(
  scope: Scope, part: { readonly text: string; readonly span: { readonly start: number; readonly end: number } }, what: string,
  fields: readonly Field[], parent: Field | undefined, report: Report,
): void {
  const owner = parent === undefined ? (scope.table === undefined ? 'here' : `in ${scope.table}`) : `in ${parent.name}`;
  const known = fields.map((field) => field.name);
  const names = parent === undefined && scope.table !== undefined ? [...known, scope.table] : known;
  const shown = known.length > 0 && known.length <= 12 ? `there are ${known.join(', ')}` : undefined;
  const hint = suggestion(part.text, names) ?? shown;
  report('unknown-column', part.span, `no ${what} ${part.text} ${owner}`, hint);
}

/** All leaf columns of a field, with the path to each. */
export function leaves(field: Field, isNullable = false): readonly { readonly index: number; readonly type: SqlType }[] {
  const isNull = isNullable || field.type.isNullable;
  if (field.place.kind === 'row') return field.place.fields.flatMap((inner) => leaves(inner, isNull));
  if (field.place.kind !== 'column') return [];
  return [
    { index: field.place.index, type: isNull && !field.type.isNullable ? withNullable(field.type, true) : field.type }
  ];
}
