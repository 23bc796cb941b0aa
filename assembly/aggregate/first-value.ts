/**
 * FIRST_VALUE in order of arrival; NULL is skipped, as Flink does. The order is kept, so that slices and sessions can be
 * merged in any order. What is forgotten cannot come back: no retract.
 */
import { HeldText } from "../state/held-text";

/** Of what fits 8 bytes: integers, times, the bits of a DOUBLE. State: i64 value, u64 order, 0 without a value (16 bytes). */
@final @unmanaged
export class FirstLong {
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
    if (this.order != 0) return;
    this.value = value;
    this.order = order;
  }

  @inline addDouble(value: f64, order: u64): void { this.add(reinterpret<i64>(value), order); }

  merge(other: FirstLong): void {
    if (!isEarlier(other.order, this.order)) return;
    this.value = other.value;
    this.order = other.order;
  }

  @inline isNull(): bool { return this.order == 0; }
  @inline result(): i64 { return this.value; }
  @inline resultDouble(): f64 { return reinterpret<f64>(this.value); }
}

/** Of DECIMAL beyond 18 digits. State: 16 bytes of value, u64 order (24 bytes). */
@final @unmanaged
export class FirstWide {
  low: u64;
  high: u64;
  order: u64;

  @inline
  init(): void {
    this.low = 0;
    this.high = 0;
    this.order = 0;
  }

  add(address: usize, order: u64): void { if (this.order == 0) this.replace(load<u64>(address), load<u64>(address, 8), order); }

  merge(other: FirstWide): void { if (isEarlier(other.order, this.order)) this.replace(other.low, other.high, other.order); }

  @inline isNull(): bool { return this.order == 0; }

  private replace(low: u64, high: u64, order: u64): void {
    this.low = low;
    this.high = high;
    this.order = order;
  }
}

/** Of text. State: a HeldText, u64 order (16 bytes), and a block of the heap. */
@final @unmanaged
export class FirstText {
  held: u64;
  order: u64;

  @inline
  init(): void {
    changetype<HeldText>(this).init();
    this.order = 0;
  }

  /** Requires: room for a block of its length. */
  add(text: u64, order: u64): void {
    if (this.order != 0) return;
    changetype<HeldText>(this).replace(text);
    this.order = order;
  }

  /** The other one is left without its text. */
  merge(other: FirstText): void {
    if (!isEarlier(other.order, this.order)) return;
    changetype<HeldText>(this).steal(changetype<HeldText>(other));
    this.order = other.order;
  }

  @inline isNull(): bool { return this.order == 0; }
  @inline result(): u64 { return changetype<HeldText>(this).result(); }
  @inline free(): void { changetype<HeldText>(this).free(); }
}

/** Whether the value of `order` comes before that of `other`, of which 0 is none. */
// @ts-ignore: decorator
@inline
function isEarlier(order: u64, other: u64): bool { return order != 0 && (other == 0 || order < other); }
