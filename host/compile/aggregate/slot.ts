/**
 * What a pane keeps for an aggregate, and how its answer is read: the contract between host/compile/pane.ts, which lays panes
 * out, and the families of aggregates beside this file, each of which turns a call into slots.
 */
import type { AggregateCall } from '../../plan/nodes.ts';
import type { SqlType } from '../../plan/types.ts';
import type { ValueText } from '../expression.ts';
import type { Job } from '../job.ts';
import { cellOf, type Cell } from '../layout.ts';

/** One call with its arguments and filter as text over the row at hand. */
export interface BoundCall {
  readonly call: AggregateCall;
  /** One for each of `call.args`. */
  readonly args: readonly ValueText[];
  /** Condition that holds when the row counts; undefined without FILTER. */
  readonly isTaken: string | undefined;
}

/** What adding one value may take from the heap beside what the slot holds already. */
export interface HeapNeed {
  /** Pages for blocks below a page. */
  readonly pages: number;
  /** Expression for the length of a block of any size; undefined where there is none. */
  readonly length?: (args: readonly string[]) => string;
}

/** A record of the library in the pane: how it begins, what a value does to it. Method calls are without their receiver. */
export interface SlotKind {
  readonly type: string;
  /** Below millrace/assembly/. */
  readonly module: string;
  readonly bytes: number;
  /** Tells slots of the same class apart. */
  readonly variant?: string;
  readonly init?: string;
  readonly add: (args: readonly string[]) => string;
  /** Takes back what `add` did; undefined where that is lost. */
  readonly retract?: (args: readonly string[]) => string;
  /** Adds what the record `other`, an expression, holds; undefined where that cannot be done. */
  readonly merge?: (other: string) => string;
  /** Slots with blocks in the heap have free(). */
  readonly heap?: HeapNeed;
}

/** A slot in its place. */
export interface Slot extends SlotKind { readonly key: string; readonly offset: number }

/** What the families see of the pane under construction. `at` is a pane's address in generated text. */
export interface PaneBuilder {
  readonly job: Job;
  /** The call's slot of this kind; calls of the same values under the same filter share it. */
  readonly slot: (bound: BoundCall, kind: SlotKind) => Slot;
  /** Expression for how many values went in: the rows, where each has one. */
  readonly count: (bound: BoundCall) => string;
  /** Address of scratch for the time of one answer, shared by all of the pane. */
  readonly scratch: (sizeBytes: number) => string;
}

/** How an answer is read. Of a `wide` cell the value is an address. `isNull` are conditions, any of which makes it NULL. */
export interface Answer { readonly value: string; readonly isNull: readonly string[] }

/** The record of a slot as an expression. */
export function recordOf({ type, offset }: Slot): string { return `changetype<${type}>(at + ${offset})`; }

/** Type and cell of a call's argument. Throws without one. */
export function argumentAt(bound: BoundCall, index: number = 0): { readonly type: SqlType; readonly cell: Cell } {
  const argument = bound.call.args[index];
  if (argument === undefined) throw new Error(`${bound.call.name} needs an argument ${index}`);
  return { type: argument.type, cell: cellOf(argument.type) };
}

/** The value as an argument of a method that takes i64, f64, text or the address of 16 bytes. */
export function widest(cell: Cell, value: string): string {
  switch (cell) {
    case 'bool': return `i64(${value})`;
    case 'i32': return `<i64>${value}`;
    case 'f32': return `<f64>${value}`;
    default: return value;
  }
}

/** The value back from what `widest` made of it; integers are cut to the type's width. */
export function narrowed(type: SqlType, value: string): string {
  switch (type.name) {
    case 'BOOLEAN': return `${value} != 0`;
    case 'TINYINT': return `<i32><i8>${value}`;
    case 'SMALLINT': return `<i32><i16>${value}`;
    case 'INT': case 'DATE': case 'TIME': return `<i32>${value}`;
    case 'FLOAT': return `<f32>${value}`;
    default: return value;
  }
}

/** The first argument's text in a method call; families of aggregates always give one. */
export function firstOf(args: readonly string[]): string {
  const [first] = args;
  if (first === undefined) throw new Error('an aggregate without argument');
  return first;
}
