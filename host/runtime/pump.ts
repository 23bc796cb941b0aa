/** The whole product, in order: three loops, and every other file of the runtime is one of their words. */
import { IoError } from '../ports.ts';
import type { RecordIntake } from './intake.ts';
import type { Log } from './log.ts';
import type { Machine } from './machine.ts';
import type { Outbox } from './outbox.ts';
import type { Sources } from './sources.ts';
import type { Uplink } from './uplink.ts';

export interface Parts {
  readonly intake: RecordIntake;
  readonly sources: Sources;
  readonly log: Log;
  readonly machine: Machine;
  readonly outbox: Outbox;
  /** Called at the start and behind each record that the engine has stepped whole. */
  stepped(): void;
  /** Lets the world have its turn when the loop has held the thread for a while. */
  breathe(): Promise<void>;
  fail(error: unknown): void;
}

/** Payloads -> durable records -> acknowledgement. Never waits for a sink; appends overlap. */
export async function ingest({ intake, sources, log, fail }: Parts): Promise<void> {
  for (let sealed = await intake.take(); sealed; sealed = await intake.take()) {
    const batch = sealed;
    log.append(batch.record).then((offset) => { // durable, with the source's position in it
      sources.logged(batch, offset);
      intake.committed(batch); //                  ... so the source may acknowledge
    }).catch(fail);
  }
}

/** Durable records, in order -> results. One crossing into WASM a record: parse, filter, window, aggregate, serialise. */
export async function compute({ log, machine, outbox, stepped, breathe }: Parts): Promise<void> {
  stepped();
  while (await log.reached(machine.next())) {
    if (!await outbox.room()) return;
    let status = machine.step();
    while (status === 'more') {
      stage(machine, outbox);
      if (!await outbox.room()) return;
      await breathe(); // a closing window of a hundred thousand keys is many pieces: acknowledgements go out in between
      status = machine.drain();
    }
    if (status === 'trapped') {
      await machine.rebuild();
      outbox.rewind((sink) => machine.engine.sink(sink).sequence);
    } else stage(machine, outbox);
    stepped();
    await breathe();
  }
}

/** Results -> a sink, with their progress, in one transaction. One loop a sink: a slow one stops neither the others nor the log. */
export async function deliver({ outbox }: Parts, uplink: Uplink, sink: number): Promise<void> {
  for (let place = await uplink.open(outbox.known(sink)); place; place = await uplink.open(outbox.known(sink))) {
    outbox.resume(sink, place);
    try {
      for (let taken = await outbox.take(sink); taken; taken = await outbox.take(sink)) {
        await uplink.deliver(taken.results, taken.progress);
        outbox.confirm(sink, taken.progress);
      }
      return;
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      await uplink.drop(error); // the outcome is unknown: believe only what the sink says when it opens again
    }
  }
}

function stage(machine: Machine, outbox: Outbox): void {
  const { bytes, offset } = machine.takeOutput();
  outbox.stage(bytes, offset);
}
