/** Metadata columns as AssemblyScript text: what a log record keeps of a row beside its payload, into the row. */
import type { MetadataField } from '../plan/nodes.ts';
import type { Field, RowLayout } from './layout.ts';
import { nullBitText } from './rows.ts';

export interface Metadata { readonly from: MetadataField; readonly field: Field }

/** Functions that read what every row has. */
const READERS: Readonly<Record<Exclude<MetadataField, 'key'>, string>> = {
  topic: 'rowTopic', arrival: 'rowArrival', client: 'rowClient', qos: 'rowQos', retain: 'rowRetain', partition: 'rowPartition',
  offset: 'rowRecordOffset', timestamp: 'rowTimestamp',
};

/** Where the names that the lines use come from. */
export const METADATA_MODULES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(READERS).map((reader) => [reader, 'ingest/batch'])),
  rowHasKey: 'ingest/batch', rowKey: 'ingest/batch', isUtf8: 'ingest/string', SCRATCH_ROW: 'scratch', REJECT_UTF8: 'abi',
};

/** Statements in front of the payload's parser. Names that they use are added to `used`. */
export function metadataLine({ from, field }: Metadata, used: Set<string>): string[] {
  if (from === 'key') return [];
  used.add(READERS[from]).add('SCRATCH_ROW');
  return [`row.${field.name} = ${READERS[from]}(load<u32>(SCRATCH_ROW));`];
}

/** Statements behind it, since it clears all NULL bits. A key that is no UTF-8 refuses the row, unless it is read as BYTES. */
export function keyLines({ from, field }: Metadata, layout: RowLayout, used: Set<string>): string[] {
  if (from !== 'key') return [];
  used.add('rowHasKey').add('rowKey').add('SCRATCH_ROW');
  const isChecked = field.column.type.name !== 'BYTES';
  if (isChecked) used.add('isUtf8').add('refuse').add('REJECT_UTF8');
  return [
    'if (rowHasKey(load<u32>(SCRATCH_ROW))) {',
    `  row.${field.name} = rowKey(load<u32>(SCRATCH_ROW));`,
    ...(isChecked ? [`  if (!isUtf8(row.${field.name})) return refuse(REJECT_UTF8, ${field.nullBit});`] : []),
    `} else row.nulls |= ${nullBitText(layout, field)};`,
  ];
}
