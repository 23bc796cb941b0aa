/**
 * SUM in order of arrival, in the type that Flink gives it: integers wrap, and so do their 64 bits here, of which a narrower
 * type takes the lowest; DECIMAL stays NULL once it has left 38 digits. NULL without values: the pane knows their count.
 */
import { canonicalDouble, canonicalFloat } from "./nan";
import { wideAbove, wideAdd, WIDE_DIGITS_HIGH, WIDE_DIGITS_LOW } from "./wide";

/** SUM of integers and of what AVG of them needs. State: i64 sum (8 bytes). */
@final @unmanaged
export class SumLong {
  sum: i64;

  @inline init(): void { this.sum = 0; }

  @inline add(value: i64): void { this.sum += value; }

  @inline retract(value: i64): void { this.sum -= value; }

  merge(other: SumLong): void { this.sum += other.sum; }

  @inline result(): i64 { return this.sum; }
}

/** SUM of DOUBLE. State: f64 sum (8 bytes), begun with -0.0, which changes no value, not even -0.0. */
@final @unmanaged
export class SumDouble {
  sum: f64;

  @inline init(): void { this.sum = -0.0; }

  @inline add(value: f64): void { this.sum += value; }

  @inline retract(value: f64): void { this.sum -= value; }

  merge(other: SumDouble): void { this.sum += other.sum; }

  /** NaN with the one pattern of bits that is stored and written. */
  @inline result(): f64 { return canonicalDouble(this.sum); }
}

/** SUM of FLOAT, rounded to it at each step. State: f32 sum, unused u32 (8 bytes). */
@final @unmanaged
export class SumFloat {
  sum: f32;
  unused: u32;

  @inline init(): void {
    this.sum = -0.0;
    this.unused = 0;
  }

  @inline add(value: f32): void { this.sum += value; }

  @inline retract(value: f32): void { this.sum -= value; }

  merge(other: SumFloat): void { this.sum += other.sum; }

  @inline result(): f32 { return canonicalFloat(this.sum); }
}

/** SUM of DECIMAL, scaled. State: i128 sum as u64 low and i64 high, u64 whether it overflowed (24 bytes). */
@final @unmanaged
export class SumWide {
  low: u64;
  high: i64;
  overflowed: u64;

  @inline
  init(): void {
    this.low = 0;
    this.high = 0;
    this.overflowed = 0;
  }

  /** Adds a DECIMAL of at most 18 digits. */
  @inline addLong(value: i64): void { this.addWide(<u64>value, value >> 63); }

  addWide(low: u64, high: i64): void {
    wideAdd(changetype<usize>(this), low, high);
    if (wideAbove(this.low, this.high, WIDE_DIGITS_LOW, WIDE_DIGITS_HIGH)) this.overflowed = 1;
  }

  /** Takes back a DECIMAL of at most 18 digits. */
  @inline retractLong(value: i64): void { this.retractWide(<u64>value, value >> 63); }

  retractWide(low: u64, high: i64): void { this.addWide(0 - low, ~high + i64(low == 0)); }

  merge(other: SumWide): void {
    this.addWide(other.low, other.high);
    this.overflowed |= other.overflowed;
  }

  /** Whether the sum is NULL for having left DECIMAL(38). */
  @inline isNull(): bool { return this.overflowed != 0; }
}
