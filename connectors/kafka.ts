/**
 * Apache Kafka. Source: exactly-once, the offsets of all partitions are committed with each batch of the log. Sink:
 * exactly-once by transactions that hold the results and the record of progress, for readers with
 * isolation.level=read_committed; at-least-once where the table asks for it. See docs/kafka.md.
 */
import type { Connector } from '../host/ports.ts';
import { deliveryGuarantee, OPTIONS } from './kafka/options.ts';
import { kafkaSink } from './kafka/sink.ts';
import { isBounded, SOURCE_OPTIONS } from './kafka/source-options.ts';
import { kafkaSource } from './kafka/source.ts';

export const kafka: Connector = {
  description: {
    name: 'kafka',
    description: 'Topics of Apache Kafka',
    options: [...OPTIONS, ...SOURCE_OPTIONS],
    source: {
      guarantee: () => ({ level: 'exactly-once' }),
      isBounded,
      metadata: { partition: 'partition', offset: 'offset', timestamp: 'timestamp', key: 'key' },
    },
    sink: {
      guarantee: deliveryGuarantee,
      changelog: 'append',
    },
  },
  createSource: kafkaSource,
  createSink: (context) => kafkaSink(context),
};
