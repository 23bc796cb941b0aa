/**
 * What a data directory knows of itself: who it is, which machine and which module it belongs to. Mints it on the first
 * start, refuses what does not fit, and steps the rest of the log with the old module when a changed one takes over.
 */
import type { Platform, Store } from '../ports.ts';
import { Refusal } from './errors.ts';
import { type Crc32, frame, frameJson, unframe, unframeJson } from './frame.ts';
import { KEY_IDENTITY, KEY_MODULE, moduleBytesKey } from './keys.ts';
import type { Log } from './log.ts';
import type { Machine } from './machine.ts';
import type { JobModule } from './module.ts';
import type { Outbox } from './outbox.ts';

export interface Identity {
  /** Random, minted with the data directory, or given by the configuration. */
  readonly gateway: string;
  readonly job: string;
  /** Of this store; progress of another one does not count here. */
  readonly incarnation: string;
  /** Incarnation before the last new epoch: the same store, whose progress still counts. */
  readonly formerIncarnation: string | undefined;
  readonly machineId: string;
}

export interface RecoverSettings {
  /** A fixed gateway id instead of a random one. */
  readonly gateway?: string | undefined;
  /** Goes on although a sink's progress does not fit this store. */
  readonly newEpoch?: boolean | undefined;
  /** This machine replaces the one that the data directory belongs to. */
  readonly takeOver?: boolean | undefined;
}

interface ModuleRecord { readonly codeHash: string; readonly layout: string; readonly compiler: string }

export interface Recovered {
  readonly identity: Identity;
  /** Bytes of the module that wrote the state, when it is another one with the same layout. */
  readonly formerModule: Uint8Array | undefined;
}

/** Reads or mints identity and module record. Throws Refusal; then nothing was changed. */
export async function recoverIdentity(platform: Platform, module: JobModule, bytes: Uint8Array, settings: RecoverSettings): Promise<Recovered> {
  const { store } = platform;
  const crc32: Crc32 = platform.crc32;
  const known = unframeJson<Identity>(crc32, store.get(KEY_IDENTITY), 'the identity of the data directory');
  const { name: job } = module.manifest;
  const gateway = settings.gateway ?? platform.gateway;
  if (!known) {
    if (store.end() > 0) {
      throw new Refusal('the data directory has a log but no identity', 'start with another data directory; this one was not made by Millrace or is damaged');
    }
    const identity: Identity = {
      gateway: gateway ?? platform.randomId(), job, incarnation: platform.randomId(), formerIncarnation: undefined, machineId: platform.machineId,
    };
    await store.commit({ put: [[KEY_IDENTITY, frameJson(crc32, identity)], ...moduleEntries(crc32, module, bytes)] });
    return { identity, formerModule: undefined };
  }
  if (known.job !== job) {
    throw new Refusal(`the data directory belongs to job '${known.job}', not to '${job}'`, 'give each job a data directory of its own (--data)');
  }
  if (known.machineId !== platform.machineId && !settings.takeOver) {
    throw new Refusal(
      'the data directory was made on another machine: two gateways with one identity would each deliver the other\'s results again',
      'if the other machine will never run this job again, start once with --take-over',
    );
  }
  if (gateway !== undefined && gateway !== known.gateway) {
    throw new Refusal(
      `the data directory belongs to gateway '${known.gateway}', not to '${gateway}'`,
      'use the gateway id it was made with, or another data directory',
    );
  }
  const formerModule = moduleChange(store, crc32, module);
  const isNew = settings.newEpoch === true;
  const identity: Identity = {
    ...known, machineId: platform.machineId,
    incarnation: isNew ? platform.randomId() : known.incarnation,
    formerIncarnation: isNew ? known.incarnation : known.formerIncarnation,
  };
  if (isNew || identity.machineId !== known.machineId) await store.commit({ put: [[KEY_IDENTITY, frameJson(crc32, identity)]] });
  return { identity, formerModule };
}

/** The former module's bytes when the code changed and the layout did not. Throws Refusal when the layout changed too. */
function moduleChange(store: Store, crc32: Crc32, module: JobModule): Uint8Array | undefined {
  const record = unframeJson<ModuleRecord>(crc32, store.get(KEY_MODULE), 'the module record of the data directory');
  if (record?.codeHash === module.codeHash) return undefined;
  const former = record && unframe(crc32, store.get(moduleBytesKey(record.codeHash)));
  if (former && record.layout === module.manifest.layout) return former.slice();
  throw new Refusal(
    `the job has changed: its state was written by another version of it (compiled by ${record?.compiler ?? 'an unknown version'}), whose layout does not fit`,
    'run the former version of the job, or start the changed job with a new data directory (--data); nothing was changed in this one',
  );
}

/** What the store must hold when `module` is in force. */
export function moduleEntries(crc32: Crc32, module: JobModule, bytes: Uint8Array): [string, Uint8Array][] {
  const record: ModuleRecord = { codeHash: module.codeHash, layout: module.manifest.layout, compiler: module.manifest.compiler };
  return [[KEY_MODULE, frameJson(crc32, record)], [moduleBytesKey(module.codeHash), frame(crc32, bytes)]];
}

/**
 * Steps what is left of the log with the module that was in force when it was written: a record is only ever stepped by
 * one module, so that a replay gives the same results again.
 */
export async function finishLog(machine: Machine, outbox: Outbox, log: Log): Promise<void> {
  while (machine.next() < log.end()) {
    for (let status = machine.step(); ; status = machine.drain()) {
      if (status === 'trapped') {
        await machine.rebuild();
        outbox.rewind((sink) => machine.engine.sink(sink).sequence);
        break;
      }
      const { bytes, offset } = machine.takeOutput();
      outbox.stage(bytes, offset);
      if (status === 'done') break;
    }
  }
}
