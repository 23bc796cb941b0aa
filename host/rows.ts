/** Results of one printing query as rows that a program awaits. The sink waits until each row was taken: back-pressure. */
import { type Connector, IoError, type Result } from './ports.ts';

/** One row by column name, as JSON.parse reads it. Rows of updating queries carry `$op`: `-U`, `+U` or `-D`. */
export type Row = Readonly<Record<string, unknown>>;

/** Results on their way to a reader. */
interface Delivery { readonly results: readonly Result[]; takenCount: number; settle(error?: IoError): void }

interface Lane { delivery: Delivery | undefined; wake: (() => void)[] }

export interface RowSink {
  /** Takes the place of `print`. */
  readonly connector: Connector;
  /** Rows of the sink `name` from here on; loops that read the same sink share them. Ends with the job. */
  rows(name: string): AsyncIterable<Row>;
  /** No more results come. */
  end(): void;
}

const decoder = new TextDecoder();

/** @param print whose description the connector keeps */
export function createRowSink(print: Connector): RowSink {
  const lanes = new Map<string, Lane>();
  let hasEnded = false;

  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? { delivery: undefined, wake: [] };
    lanes.set(name, lane);
    return lane;
  }
  function wakeAll(lane: Lane): void {
    for (const wake of lane.wake.splice(0)) wake();
  }
  /** A delivery is confirmed when its reader asks for what is behind the last row: it is done with that one, then. */
  async function next(lane: Lane): Promise<IteratorResult<Row, undefined>> {
    for (;;) {
      const { delivery } = lane;
      const result = delivery?.results[delivery.takenCount];
      if (delivery && result) {
        delivery.takenCount += 1;
        return { done: false, value: rowOf(result) };
      }
      delivery?.settle();
      if (hasEnded) return { done: true, value: undefined };
      await new Promise<void>((resolve) => { lane.wake.push(resolve); });
    }
  }
  return {
    connector: {
      description: print.description,
      createSink({ table }) {
        const lane = laneOf(table);
        return {
          open: () => Promise.resolve(undefined),
          deliver: (results) => new Promise((resolve, reject) => {
            lane.delivery = {
              results, takenCount: 0,
              settle(error) {
                lane.delivery = undefined;
                if (error) reject(error);
                else resolve();
              },
            };
            wakeAll(lane);
          }),
          close() {
            lane.delivery?.settle(new IoError(`${table}: rows were not read`, { retry: true }));
            return Promise.resolve();
          },
        };
      },
    },
    rows(name) {
      const lane = laneOf(name);
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => next(lane),
          return: () => Promise.resolve({ done: true as const, value: undefined }),
        }),
      };
    },
    end() {
      hasEnded = true;
      for (const lane of lanes.values()) wakeAll(lane);
    },
  };
}

function rowOf({ kind, value }: Result): Row {
  const row = JSON.parse(decoder.decode(value)) as Row;
  return kind === '+I' ? row : { $op: kind, ...row };
}
