/** Takes results and forgets them: for measuring everything that comes before a sink. */
import type { Connector } from '../host/ports.ts';

export const blackhole: Connector = {
  description: {
    name: 'blackhole',
    description: 'Counts results and drops them',
    options: [],
    sink: { guarantee: () => ({ level: 'at-least-once', note: 'nothing is kept' }), changelog: 'all' },
  },
  createSink: () => ({
    open: () => Promise.resolve(undefined),
    deliver: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }),
};
