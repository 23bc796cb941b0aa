/**
 * COVAR_*, CORR and REGR_* of pairs (y, x): means, sums of squared distances and their product, in one pass. Only pairs without
 * NULL count. Flink has none of these; answers are NULL where PostgreSQL's are.
 * Source: Welford 1962 for pairs; merge by Chan, Golub and LeVeque 1979 and by Schubert and Gertz 2018.
 */
import { canonicalDouble } from "./nan";

/** State: i64 count, f64 means of y and x, f64 sums of squared distances of y and x, f64 sum of their products (48 bytes). */
@final @unmanaged
export class CoMoments {
  count: i64;
  meanY: f64;
  meanX: f64;
  squaresY: f64;
  squaresX: f64;
  products: f64;

  @inline
  init(): void { memory.fill(changetype<usize>(this), 0, offsetof<CoMoments>()); }

  add(y: f64, x: f64): void {
    const count = this.count + 1;
    const beforeY = y - this.meanY;
    const beforeX = x - this.meanX;
    this.count = count;
    this.meanY += beforeY / <f64>count;
    this.meanX += beforeX / <f64>count;
    const afterX = x - this.meanX;
    this.squaresY += beforeY * (y - this.meanY);
    this.squaresX += beforeX * afterX;
    this.products += beforeY * afterX;
  }

  /** Takes back a pair that was added; exact but for rounding. */
  retract(y: f64, x: f64): void {
    const count = this.count - 1;
    if (count == 0) {
      this.init();
      return;
    }
    const afterY = y - this.meanY;
    const afterX = x - this.meanX;
    this.count = count;
    this.meanY -= afterY / <f64>count;
    this.meanX -= afterX / <f64>count;
    this.squaresY -= (y - this.meanY) * afterY;
    this.squaresX -= (x - this.meanX) * afterX;
    this.products -= (y - this.meanY) * afterX;
  }

  /** Exact but for rounding. */
  merge(other: CoMoments): void {
    if (other.count == 0) return;
    const count = this.count + other.count;
    const apartY = other.meanY - this.meanY;
    const apartX = other.meanX - this.meanX;
    const share = <f64>other.count / <f64>count;
    const weight = <f64>this.count * share;
    this.squaresY += other.squaresY + weight * apartY * apartY;
    this.squaresX += other.squaresX + weight * apartX * apartX;
    this.products += other.products + weight * apartY * apartX;
    this.meanY += share * apartY;
    this.meanX += share * apartX;
    this.count = count;
  }

  @inline hasFewer(least: i64): bool { return this.count < least; }

  /** COVAR_POP and REGR_*: NULL without pairs. COVAR_SAMP: NULL with one. */
  covarPop(): f64 { return canonicalDouble(this.products / <f64>this.count); }
  covarSamp(): f64 { return canonicalDouble(this.products / <f64>(this.count - 1)); }

  /** Whether all x are the same, so that there is no line and no correlation; or the same of y. */
  @inline isXConstant(): bool { return this.count == 0 || this.squaresX == 0; }
  @inline isYConstant(): bool { return this.count == 0 || this.squaresY == 0; }

  /** Pearson's r, between -1 and 1. Requires: neither is constant. */
  corr(): f64 {
    const r = this.products / (sqrt(this.squaresY) * sqrt(this.squaresX));
    return canonicalDouble(min<f64>(max<f64>(r, -1), 1));
  }

  /** The least-squares line y = slope * x + intercept. Requires: x is not constant. */
  slope(): f64 { return canonicalDouble(this.products / this.squaresX); }
  intercept(): f64 { return canonicalDouble(this.meanY - this.products / this.squaresX * this.meanX); }

  /** Share of y's variance that the line explains; 1 where y is constant. Requires: x is not constant. */
  determination(): f64 {
    if (this.squaresY == 0) return 1;
    return canonicalDouble(min<f64>(this.products * this.products / (this.squaresX * this.squaresY), 1));
  }
}
