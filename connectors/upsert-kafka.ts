/**
 * A topic of Apache Kafka as a table that changes: the last record of a key is its row, a record without a value says that the row
 * is gone. Exactly-once like `kafka`, whose sink it is; the key is the table's PRIMARY KEY, so all changes of a row lie
 * on one partition, in order. See docs/kafka.md.
 */
import type { Connector } from '../host/ports.ts';
import { deliveryGuarantee, OPTIONS } from './kafka/options.ts';
import { kafkaSink } from './kafka/sink.ts';

export const upsertKafka: Connector = {
  description: {
    name: 'upsert-kafka',
    description: 'A topic of Apache Kafka that holds the last row of each key',
    options: OPTIONS,
    sink: { guarantee: deliveryGuarantee, changelog: 'upsert' },
  },
  createSink: (context) => kafkaSink(context, { hasTombstones: true }),
};
