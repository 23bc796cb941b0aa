/**
 * VAR_POP, VAR_SAMP and their square roots, in DOUBLE, with the steps that Flink takes and so its last bits. The sum of squared
 * distances from the mean is kept instead of sums of squares, whose difference cancels.
 * Source: Welford 1962; merge by Chan, Golub and LeVeque 1979.
 */
import { canonicalDouble } from "./nan";

/** State: i64 count, f64 mean, f64 sum of squared distances (24 bytes). Merge and retract are exact but for rounding. */
@final @unmanaged
export class Variance {
  count: i64;
  mean: f64;
  squares: f64;

  @inline
  init(): void {
    this.count = 0;
    this.mean = 0;
    this.squares = 0;
  }

  @inline
  add(value: f64): void {
    const count = this.count + 1;
    const before = value - this.mean;
    const mean = this.mean + before / <f64>count;
    this.count = count;
    this.mean = mean;
    this.squares += before * (value - mean);
  }

  /** Takes back a value that was added. */
  retract(value: f64): void {
    const count = this.count - 1;
    if (count == 0) {
      this.init();
      return;
    }
    const after = value - this.mean;
    const mean = this.mean - after / <f64>count;
    this.count = count;
    this.mean = mean;
    this.squares -= (value - mean) * after;
  }

  merge(other: Variance): void {
    if (other.count == 0) return;
    if (this.count == 0) {
      memory.copy(changetype<usize>(this), changetype<usize>(other), offsetof<Variance>());
      return;
    }
    const count = this.count + other.count;
    const apart = other.mean - this.mean;
    this.mean += <f64>other.count / <f64>count * apart;
    this.squares = this.squares + other.squares + <f64>this.count * <f64>other.count / <f64>count * apart * apart;
    this.count = count;
  }

  /** Whether there are fewer values than `least`, or an overflow left less than nothing, where Flink answers NULL too. */
  @inline isNull(least: i64): bool { return this.count < least || this.squares < 0; }

  /** Over all values. Requires: !isNull(1). */
  @inline population(): f64 { return canonicalDouble(this.squares / <f64>this.count); }

  /** Over a sample of values. Requires: !isNull(2). */
  @inline sample(): f64 { return canonicalDouble(this.squares / <f64>(this.count - 1)); }

  /** Square roots of both. */
  @inline populationDeviation(): f64 { return canonicalDouble(sqrt(this.squares / <f64>this.count)); }
  @inline sampleDeviation(): f64 { return canonicalDouble(sqrt(this.squares / <f64>(this.count - 1))); }
}
