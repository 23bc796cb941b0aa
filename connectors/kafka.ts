/**
 * Apache Kafka. Sink: exactly-once by transactions that hold the results and the record of progress, for readers with
 * isolation.level=read_committed; at-least-once where the table asks for it. See docs/kafka.md.
 */
import type { Connector } from '../host/ports.ts';
import { OPTIONS } from './kafka/options.ts';
import { kafkaSink } from './kafka/sink.ts';

export const kafka: Connector = {
  description: {
    name: 'kafka',
    description: 'Topics of Apache Kafka',
    options: OPTIONS,
    sink: {
      guarantee: (options) => (options['sink.delivery-guarantee'] === 'at-least-once'
        ? { level: 'at-least-once', note: 'after a failure the newest results are written again' }
        : { level: 'exactly-once', note: 'for readers with isolation.level=read_committed' }),
      changelog: 'append',
    },
  },
  createSink: kafkaSink,
};
