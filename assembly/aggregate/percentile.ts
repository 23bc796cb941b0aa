/**
 * PERCENTILE: the value at a rank among all, exact, between two values in proportion as Flink has it. The state is the values
 * with their counts; a rank is found without sorting, byte by byte from the highest (most significant digit first).
 * APPROX_PERCENTILE: the same over values rounded to 7 bits behind the leading one, so that there are at most 128 different
 * ones for each power of two, and a value of a rank is at most 1/256 (0.4 %) away from the exact one.
 * Source: radix selection, Knuth, vol. 3, 5.2.5; DDSketch with linear interpolation, Masson, Rim and Lee 2019.
 */
import { Counted, Tally } from "../state/tally";
import { canonicalDouble } from "./nan";

/** Bits of the fraction that APPROX_PERCENTILE drops. */
const DROPPED_BITS: u64 = 45;
const SIGN: u64 = 0x8000000000000000;
/** Scratch that a result needs: a u64 for each value of a byte. */
export const RANKS_BYTES: usize = 2048;

/** State: a Tally, i64 values with repetitions (24 bytes), and blocks of the heap. Has merge and retract, both exact. */
@final @unmanaged
export class Percentile {
  tally: u64;
  tallyRest: u64;
  total: i64;

  @inline
  init(): void {
    changetype<Tally>(this).init();
    this.total = 0;
  }

  /** Counts a value once, or as often as a frequency says; below 1 not at all. Requires: room for TALLY_PAGES. */
  add(value: f64, frequency: i64 = 1): void {
    if (frequency < 1) return;
    changetype<Tally>(this).addLong(ordered(value), frequency);
    this.total += frequency;
  }

  /** The same for a value that may be rounded: to the middle of those that share its first bits. */
  addRounded(value: f64): void { this.add(rounded(value)); }

  retract(value: f64): void {
    changetype<Tally>(this).removeLong(ordered(value));
    this.total -= 1;
  }

  retractRounded(value: f64): void { this.retract(rounded(value)); }

  /** Requires: room for adding each value of the other. */
  merge(other: Percentile): void {
    for (let at = changetype<Tally>(other).first(); at != 0; at = changetype<Tally>(other).after(at)) {
      changetype<Tally>(this).addCounted(changetype<Counted>(at));
    }
    this.total += other.total;
  }

  @inline isNull(): bool { return this.total == 0; }

  /**
   * The value at `share` of the way from the least to the greatest. Requires: 0 <= share <= 1, !isNull().
   * @param ranks RANKS_BYTES of scratch
   */
  result(share: f64, ranks: usize): f64 {
    const place = <f64>(this.total - 1) * share + 1;
    const lower = floor(place);
    const upper = ceil(place);
    const low = this.valueAt(<u64>lower, ranks);
    if (lower == upper) return low;
    const high = this.valueAt(<u64>upper, ranks);
    if (reinterpret<u64>(low) == reinterpret<u64>(high)) return low;
    return canonicalDouble((upper - place) * low + (place - lower) * high);
  }

  @inline free(): void { changetype<Tally>(this).free(); }

  /** The value at `rank`, from 1 on: eight passes, each of which settles one more byte. */
  private valueAt(rank: u64, ranks: usize): f64 {
    let left = rank;
    let prefix: u64 = 0;
    let shift: u64 = 56;
    while (true) {
      memory.fill(ranks, 0, RANKS_BYTES);
      for (let at = changetype<Tally>(this).first(); at != 0; at = changetype<Tally>(this).after(at)) {
        const value = changetype<Counted>(at);
        if (shift != 56 && value.low >> (shift + 8) != prefix) continue;
        const bucket = ranks + (<usize>(value.low >> shift & 255) << 3);
        store<u64>(bucket, load<u64>(bucket) + value.count);
      }
      let byte: u64 = 0;
      for (; ; byte++) {
        const count = load<u64>(ranks + (<usize>byte << 3));
        if (count >= left) break;
        left -= count;
      }
      prefix = prefix << 8 | byte;
      if (shift == 0) return valueOf(prefix);
      shift -= 8;
    }
  }
}

/** Bits whose unsigned order is that of the values: -0.0 before 0.0, NaN last. */
function ordered(value: f64): i64 {
  const bits = reinterpret<u64>(value == value ? value : NaN);
  return <i64>(bits & SIGN ? ~bits : bits | SIGN);
}

function valueOf(ordered: u64): f64 { return reinterpret<f64>(ordered & SIGN ? ordered ^ SIGN : ~ordered); }

/** The middle of the values that share sign, exponent and the first bits of the fraction; what is not finite stays, zero too. */
function rounded(value: f64): f64 {
  if (!isFinite(value) || value == 0) return value;
  const bits = reinterpret<u64>(value);
  return reinterpret<f64>(bits >> DROPPED_BITS << DROPPED_BITS | <u64>1 << (DROPPED_BITS - 1));
}
