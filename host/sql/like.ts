/** CREATE TABLE … LIKE: the statement with what it takes over from another table, as Flink merges it. */
import { suggestion } from '../plan/similar.ts';
import type { Job } from './job.ts';
import type { ColumnSyntax, CreateTable, LikeFeature, LikeStrategy } from './syntax.ts';

/** What holds for a feature that LIKE does not name. */
const DEFAULTS: Readonly<Record<Exclude<LikeFeature, 'ALL'>, LikeStrategy>> = {
  CONSTRAINTS: 'INCLUDING', DISTRIBUTION: 'INCLUDING', GENERATED: 'INCLUDING', METADATA: 'INCLUDING', OPTIONS: 'OVERWRITING',
  PARTITIONS: 'INCLUDING', WATERMARKS: 'INCLUDING',
};

/** undefined where the other table is not known or the two do not go together; that was reported. */
export function merged(job: Job, syntax: CreateTable): CreateTable | undefined {
  const { like } = syntax;
  if (like === undefined) return syntax;
  const found = job.tables.get(like.table.text);
  if (found?.kind !== 'table') {
    const tables = [...job.tables.values()].filter((table) => table.kind === 'table').map((table) => table.name);
    if (found === undefined) job.report(
      'unknown-table', like.table.span, `there is no table ${like.table.text}`, suggestion(like.table.text, tables) ?? 'create it first',
    );
    else if (found.relation !== undefined) job.report(
      'unsupported', like.table.span, `${like.table.text} is a view, and LIKE takes a table`, 'list the columns',
    );
    return undefined;
  }
  const from = found.syntax;
  const strategy = (feature: Exclude<LikeFeature, 'ALL'>): LikeStrategy => like.strategies.get(feature) ?? like.strategies.get('ALL') ?? DEFAULTS[feature];
  const taken = from.columns.filter((column) => strategyOf(column, strategy) !== 'EXCLUDING');
  const isRight = checkColumns(job, syntax, taken, strategy);
  const mine = new Set(syntax.columns.map(({ name }) => name.text));
  const columns = [...taken.filter(({ name }) => !mine.has(name.text)), ...syntax.columns];
  const written = new Set(syntax.options.map(({ key }) => key.text));
  const theirs = strategy('OPTIONS') === 'EXCLUDING' ? [] : from.options;
  const clash = strategy('OPTIONS') === 'INCLUDING' ? syntax.options.find(({ key }) => theirs.some((other) => other.key.text === key.text)) : undefined;
  if (clash !== undefined) job.report(
    'duplicate', clash.key.span, `${found.name} has the option '${clash.key.text}' already`, 'write LIKE … (OVERWRITING OPTIONS)',
  );
  const watermark = strategy('WATERMARKS') === 'EXCLUDING' ? undefined : from.watermark;
  if (watermark !== undefined && syntax.watermark !== undefined && strategy('WATERMARKS') === 'INCLUDING') {
    job.report('duplicate', syntax.watermark.span, `${found.name} has a watermark already`, 'write LIKE … (OVERWRITING WATERMARKS) or (EXCLUDING WATERMARKS)');
    return undefined;
  }
  const key = strategy('CONSTRAINTS') === 'EXCLUDING' ? [] : from.primaryKey;
  const [first] = syntax.primaryKey;
  if (key.length > 0 && first !== undefined) {
    job.report('duplicate', first.span, `${found.name} has a primary key already`, 'write LIKE … (EXCLUDING CONSTRAINTS)');
    return undefined;
  }
  if (!isRight || clash !== undefined) return undefined;
  return {
    ...syntax, like: undefined, columns, watermark: syntax.watermark ?? watermark, primaryKey: first === undefined ? key : syntax.primaryKey,
    options: [...theirs.filter(({ key: option }) => !written.has(option.text)), ...syntax.options],
  };
}

function strategyOf(column: ColumnSyntax, strategy: (feature: 'GENERATED' | 'METADATA') => LikeStrategy): LikeStrategy {
  return column.kind === 'computed' ? strategy('GENERATED') : column.kind === 'metadata' ? strategy('METADATA') : 'INCLUDING';
}

function checkColumns(
  job: Job, syntax: CreateTable, taken: readonly ColumnSyntax[], strategy: (feature: 'GENERATED' | 'METADATA') => LikeStrategy,
): boolean {
  let isRight = true;
  for (const { name, kind } of syntax.columns) {
    const other = taken.find((column) => column.name.text === name.text);
    if (other === undefined || other.kind !== 'physical' && kind === other.kind && strategyOf(other, strategy) === 'OVERWRITING') continue;
    isRight = false;
    const feature = other.kind === 'computed' ? 'GENERATED' : 'METADATA';
    job.report(
      'duplicate', name.span, `the column ${name.text} comes from ${syntax.like?.table.text ?? ''} already`,
      other.kind === 'physical' ? 'give it another name' : `write LIKE … (OVERWRITING ${feature})`,
    );
  }
  return isRight;
}
