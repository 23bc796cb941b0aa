/** The columns that the elements of a collection make. */
import type { Column, Expression } from '../plan/nodes.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { collectionColumns } from '../plan/type-rules.ts';
import type { Job } from './job.ts';

/** Reports what is no collection. */
export function elementColumns(
  job: Job, collection: Expression, withOrdinality: boolean,
): { readonly collection: Expression; readonly columns: readonly Column[] } | undefined {
  const columns = collectionColumns(collection.type);
  if (columns === undefined) {
    job.report('type', collection.span, `UNNEST takes an ARRAY, MAP or MULTISET, and this is ${bareTypeText(collection.type)}`);
    return undefined;
  }
  const ordinality: Column = { name: 'ORDINALITY', type: { name: 'INT', isNullable: false } };
  return { collection, columns: withOrdinality ? [...columns, ordinality] : columns };
}
