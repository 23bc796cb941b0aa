/**
 * MIN and MAX. Without values they hold what no value is beyond; the pane knows whether there were any. Floating point is
 * compared as Flink does, with < and >: of 0.0 and -0.0 the first stays, a NaN that comes first stays, a later one is ignored.
 */
import { give, take } from "../state/heap";
import { copyIn } from "../state/pages";
import { textAddress, textCompare, textLength, textOf } from "../text/text";
import { wideLess } from "./wide";

/** A NaN that no value has, since NaN is made canonical where it is read: no value yet. */
const EMPTY: u64 = 0x7ff8000000000001;

/** MIN of integers, times, BOOLEAN and narrow DECIMAL. State: i64 (8 bytes). */
@final @unmanaged
export class MinLong {
  value: i64;

  @inline init(): void { this.value = i64.MAX_VALUE; }

  @inline add(value: i64): void { this.value = min<i64>(this.value, value); }

  merge(other: MinLong): void { this.add(other.value); }

  @inline result(): i64 { return this.value; }
}

/** MAX of the same. State: i64 (8 bytes). */
@final @unmanaged
export class MaxLong {
  value: i64;

  @inline init(): void { this.value = i64.MIN_VALUE; }

  @inline add(value: i64): void { this.value = max<i64>(this.value, value); }

  merge(other: MaxLong): void { this.add(other.value); }

  @inline result(): i64 { return this.value; }
}

/**
 * MIN and MAX of DOUBLE or FLOAT together, without branches: one that asks whether a value is a new minimum is mispredicted
 * at the start of every window. State: f64 low, f64 high (16 bytes).
 */
@final @unmanaged
export class Extrema {
  low: f64;
  high: f64;

  @inline
  init(): void {
    if (ASC_FEATURE_SIMD) {
      v128.store(changetype<usize>(this), i64x2.splat(EMPTY)); // one store, because what follows loads both at once
    } else {
      store<u64>(changetype<usize>(this), EMPTY);
      store<u64>(changetype<usize>(this), EMPTY, 8);
    }
  }

  @inline
  add(value: f64): void { this.widen(value, value); }

  merge(other: Extrema): void {
    if (load<u64>(changetype<usize>(other)) != EMPTY) this.widen(other.low, other.high);
  }

  @inline lowest(): f64 { return this.low; }
  @inline highest(): f64 { return this.high; }

  @inline
  private widen(low: f64, high: f64): void {
    if (ASC_FEATURE_SIMD) {
      const held = v128.load(changetype<usize>(this));
      const given = f64x2.replace_lane(f64x2.splat(low), 1, high);
      const both = v128.shuffle<f64>(f64x2.pmin(held, given), f64x2.pmax(held, given), 0, 3);
      v128.store(changetype<usize>(this), v128.bitselect(given, both, i64x2.eq(held, i64x2.splat(EMPTY))));
    } else {
      const isFirst = load<u64>(changetype<usize>(this)) == EMPTY;
      this.low = select<f64>(low, this.low, isFirst || low < this.low);
      this.high = select<f64>(high, this.high, isFirst || high > this.high);
    }
  }
}

/** MIN or MAX of text: a copy in the heap. State: u32 block, u32 length; without a value the length is 0xffffffff (8 bytes). */
@final @unmanaged
export class ExtremeText {
  block: u32;
  length: u32;

  @inline
  init(): void {
    this.block = 0;
    this.length = 0xffffffff;
  }

  /** Keeps the lesser text. Requires: room for a block of its length. */
  addMin(text: u64): void { if (this.isEmpty() || textCompare(text, this.result()) < 0) this.replace(text); }

  /** Keeps the greater text. Requires: room for a block of its length. */
  addMax(text: u64): void { if (this.isEmpty() || textCompare(text, this.result()) > 0) this.replace(text); }

  /** Takes over the text of another one, where it is less, else gives it back. */
  mergeMin(other: ExtremeText): void { this.takeOver(other, !other.isEmpty() && (this.isEmpty() || textCompare(other.result(), this.result()) < 0)); }

  /** Takes over the text of another one, where it is greater, else gives it back. */
  mergeMax(other: ExtremeText): void { this.takeOver(other, !other.isEmpty() && (this.isEmpty() || textCompare(other.result(), this.result()) > 0)); }

  /** The text; it lies in the state. Requires: there was a value. */
  @inline result(): u64 { return textOf(this.block, this.length); }

  /** Gives the copy back; called when the pane is closed. */
  free(): void { if (!this.isEmpty() && this.length != 0) give(this.block, this.length); }

  @inline private isEmpty(): bool { return this.length == 0xffffffff; }

  private takeOver(other: ExtremeText, isBetter: bool): void {
    if (!isBetter) return other.free();
    this.free();
    this.block = other.block;
    this.length = other.length;
  }

  private replace(text: u64): void {
    this.free();
    const length = textLength(text);
    const block = length == 0 ? 0 : take(length);
    copyIn(block, textAddress(text), length);
    this.block = <u32>block;
    this.length = length;
  }
}

/** MIN or MAX of DECIMAL beyond 18 digits. State: i128 as u64 low and i64 high (16 bytes). */
@final @unmanaged
export class ExtremeWide {
  low: u64;
  high: i64;

  /** No value is greater. */
  @inline
  initMin(): void {
    this.low = u64.MAX_VALUE;
    this.high = i64.MAX_VALUE;
  }

  /** No value is less. */
  @inline
  initMax(): void {
    this.low = 0;
    this.high = i64.MIN_VALUE;
  }

  /** Keeps the lesser value. */
  addMin(low: u64, high: i64): void { if (wideLess(low, high, this.low, this.high)) this.replace(low, high); }

  mergeMin(other: ExtremeWide): void { this.addMin(other.low, other.high); }

  mergeMax(other: ExtremeWide): void { this.addMax(other.low, other.high); }

  /** Keeps the greater value. */
  addMax(low: u64, high: i64): void { if (wideLess(this.low, this.high, low, high)) this.replace(low, high); }

  @inline
  private replace(low: u64, high: i64): void {
    this.low = low;
    this.high = high;
  }
}
