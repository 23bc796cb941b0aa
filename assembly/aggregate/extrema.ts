/**
 * MIN and MAX. Without values they hold what no value is beyond; the pane knows whether there were any. Floating point is
 * compared as Flink does, with < and >: of 0.0 and -0.0 the first stays, a NaN that comes first stays, a later one is ignored.
 */
import { HeldText } from "../state/held-text";
import { textCompare } from "../text/text";
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

/** MIN or MAX of text or BYTES, by their bytes. State: a HeldText (8 bytes), and a block of the heap. */
@final @unmanaged
export class ExtremeText {
  held: u64;

  @inline init(): void { changetype<HeldText>(this).init(); }

  /** Keeps the lesser text. Requires: room for a block of its length. */
  addMin(text: u64): void {
    const held = changetype<HeldText>(this);
    if (held.isEmpty() || textCompare(text, held.result()) < 0) held.replace(text);
  }

  /** Keeps the greater text. Requires: room for a block of its length. */
  addMax(text: u64): void {
    const held = changetype<HeldText>(this);
    if (held.isEmpty() || textCompare(text, held.result()) > 0) held.replace(text);
  }

  /** Requires: room for a block of the other's length. */
  mergeMin(other: ExtremeText): void { if (!changetype<HeldText>(other).isEmpty()) this.addMin(other.result()); }
  mergeMax(other: ExtremeText): void { if (!changetype<HeldText>(other).isEmpty()) this.addMax(other.result()); }

  /** The text; it lies in the state. Requires: there was a value. */
  @inline result(): u64 { return changetype<HeldText>(this).result(); }

  /** Gives the copy back; called when the pane is closed. */
  @inline free(): void { changetype<HeldText>(this).free(); }
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

  /** Keeps the greater value. */
  addMax(low: u64, high: i64): void { if (wideLess(this.low, this.high, low, high)) this.replace(low, high); }

  mergeMin(other: ExtremeWide): void { this.addMin(other.low, other.high); }
  mergeMax(other: ExtremeWide): void { this.addMax(other.low, other.high); }

  @inline
  private replace(low: u64, high: i64): void {
    this.low = low;
    this.high = high;
  }
}
