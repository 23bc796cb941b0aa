/**
 * A gateway's delivery loop in a process of its own, to be killed: opens the sink, goes on after what is visible, and
 * delivers until it has reached `until`. Prints `open N` and `done N`; ends with 3 when told not to start again.
 */
import { IoError } from '../../../host/ports.ts';
import { createSink, identity, openSink, progressAt, results } from './world.ts';

/** Its only argument, as JSON. */
export interface WriterPlan {
  readonly bootstrap: string;
  readonly topic: string;
  readonly gateway: string;
  readonly options: Readonly<Record<string, string>>;
  /** Results of one transaction. */
  readonly batch: number;
  readonly until: number;
}

const plan = JSON.parse(process.argv[2] ?? '') as WriterPlan;
const log = (line: string): void => { process.stdout.write(`${line}\n`); };

for (let sequence = 0; sequence < plan.until;) {
  try {
    const { sink, progress } = await openSink(() => createSink({ ...plan, log }), identity(plan.gateway));
    sequence = progress?.sequence ?? 0;
    log(`open ${sequence}`);
    for (let next; sequence < plan.until; sequence = next) {
      next = Math.min(sequence + plan.batch, plan.until);
      await sink.deliver(results(sequence + 1, next), progressAt(next));
      log(`done ${next}`);
    }
    await sink.close();
  } catch (error) {
    log(`failed ${(error as Error).message}`);
    if (!(error instanceof IoError)) process.exit(1);
    if (!error.retry) process.exit(3);
  }
}
process.exit(0);
