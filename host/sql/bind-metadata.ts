/** METADATA columns: which part of a log record a key reads, and as which types. */
import type { CatalogConnector } from '../plan/catalog.ts';
import type { MetadataField } from '../plan/nodes.ts';
import { suggestion } from '../plan/similar.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { isText, isTimestamp } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import type { Report } from './job.ts';
import type { ColumnSyntax } from './syntax.ts';

interface FieldType { readonly text: string; readonly accepts: (type: SqlType) => boolean }

const TEXT: FieldType = { text: 'STRING', accepts: isText };
const TIME: FieldType = { text: 'TIMESTAMP_LTZ(3)', accepts: isTimestamp };
/** Flink's own examples declare the partition as BIGINT. */
const SMALL: FieldType = { text: 'INT', accepts: ({ name }) => name === 'INT' || name === 'BIGINT' };
const FIELD_TYPES: Readonly<Record<MetadataField, FieldType>> = {
  topic: TEXT, client: TEXT, arrival: TIME, timestamp: TIME, qos: SMALL, partition: SMALL,
  retain: { text: 'BOOLEAN', accepts: ({ name }) => name === 'BOOLEAN' },
  offset: { text: 'BIGINT', accepts: ({ name }) => name === 'BIGINT' },
  key: { text: 'STRING or BYTES', accepts: (type) => isText(type) || type.name === 'BYTES' },
};

/** Keys of every source. */
const COMMON: Readonly<Record<string, MetadataField>> = { topic: 'topic', arrival: 'arrival' };
/** Other words for the arrival, where a connector's own do not go before. */
const SYNONYMS: Readonly<Record<string, MetadataField>> = { 'arrival-time': 'arrival', timestamp: 'arrival' };

/** What the column reads. Reports a key that its connector does not have, and a type that does not fit. */
export function metadataField(
  column: Extract<ColumnSyntax, { kind: 'metadata' }>, connector: CatalogConnector | undefined, report: Report,
): MetadataField {
  const key = column.key?.text ?? column.name.text;
  const known: Readonly<Record<string, MetadataField>> = { ...COMMON, ...connector?.source?.metadata };
  const field = known[key] ?? SYNONYMS[key];
  if (field === undefined) {
    const names = Object.keys(known);
    if (connector !== undefined) report(
      'unknown-metadata', column.key?.span ?? column.name.span, `${connector.name} has no metadata '${key}'`,
      suggestion(key, names) ?? `there are ${names.join(', ')}`,
    );
    return 'topic'; // any: the job has a problem
  }
  const { text, accepts } = FIELD_TYPES[field];
  if (!accepts(column.type)) report('type', column.span, `the metadata '${key}' is ${text}, not ${bareTypeText(column.type)}`, `write ${text}`);
  else if (field === 'key' && !column.type.isNullable) report(
    'type', column.span, "the metadata 'key' is NULL where a record has none", 'leave out NOT NULL',
  );
  return field;
}
