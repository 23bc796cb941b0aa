/**
 * LAST_VALUE in order of arrival; NULL is skipped, as Flink does. The order is kept, so that slices and sessions can be
 * merged in any order. What is forgotten cannot come back: no retract.
 */
import { HeldText } from "../state/held-text";

/** Of what fits 8 bytes: integers, times, the bits of a DOUBLE. State: i64 value, u64 order, 0 without a value (16 bytes). */
@final @unmanaged
export class LastLong {
  value: i64;
  order: u64;

  @inline
  init(): void {
    this.value = 0;
    this.order = 0;
  }

  /** Requires: order > 0, never going back. */
  @inline
  add(value: i64, order: u64): void {
    this.value = value;
    this.order = order;
  }

  @inline addDouble(value: f64, order: u64): void { this.add(reinterpret<i64>(value), order); }

  merge(other: LastLong): void { if (other.order >= this.order) this.add(other.value, other.order); }

  @inline isNull(): bool { return this.order == 0; }
  @inline result(): i64 { return this.value; }
  @inline resultDouble(): f64 { return reinterpret<f64>(this.value); }
}

/** Of DECIMAL beyond 18 digits. State: 16 bytes of value, u64 order (24 bytes). */
@final @unmanaged
export class LastWide {
  low: u64;
  high: u64;
  order: u64;

  @inline
  init(): void {
    this.low = 0;
    this.high = 0;
    this.order = 0;
  }

  add(address: usize, order: u64): void {
    this.low = load<u64>(address);
    this.high = load<u64>(address, 8);
    this.order = order;
  }

  merge(other: LastWide): void { if (other.order >= this.order) this.add(changetype<usize>(other), other.order); }

  @inline isNull(): bool { return this.order == 0; }
}

/** Of text. State: a HeldText, u64 order (16 bytes), and a block of the heap. */
@final @unmanaged
export class LastText {
  held: u64;
  order: u64;

  @inline
  init(): void {
    changetype<HeldText>(this).init();
    this.order = 0;
  }

  /** Requires: room for a block of its length. */
  add(text: u64, order: u64): void {
    changetype<HeldText>(this).replace(text);
    this.order = order;
  }

  /** The other one is left without its text. */
  merge(other: LastText): void {
    if (other.order == 0 || other.order < this.order) return;
    changetype<HeldText>(this).steal(changetype<HeldText>(other));
    this.order = other.order;
  }

  @inline isNull(): bool { return this.order == 0; }
  @inline result(): u64 { return changetype<HeldText>(this).result(); }
  @inline free(): void { changetype<HeldText>(this).free(); }
}
