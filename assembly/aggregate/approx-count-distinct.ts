/**
 * APPROX_COUNT_DISTINCT in at most one page: a short list of hashes, exact; above that 4,096 registers, with a standard error of
 * 1.04 / sqrt(4096) = 1.6 %. Merging is exact; what was counted once cannot be taken back: no retract.
 * Source: HyperLogLog, Flajolet et al. 2007; the estimate without bias at either end, Ertl 2017, algorithm 6.
 */
import { PAGE_BYTES } from "../abi";
import { give, take } from "../state/heap";
import { hashLong, hashShort } from "../state/key";
import { clear, copyIn, put } from "../state/pages";
import { textAddress, textLength } from "../text/text";

/** Pages that one value may take. */
export const APPROX_COUNT_PAGES: usize = 1;
/** Most hashes in the list, and in its smallest block. */
const LISTED_MAX: u32 = 64;
const LISTED_MIN: u32 = 8;
const DENSE: u32 = 0xffffffff;
/** log2 of the registers, and bits of the hash that are left for their ranks. */
const INDEX_BITS: u64 = 12;
const RANK_BITS: u64 = 52;
const REGISTERS: f64 = 4096;
/** 1 / (2 ln 2). */
const ALPHA: f64 = 0.7213475204444817;
const SEED: u64 = 0x2545f4914f6cdd1d;
const SEED_AGAIN: u64 = 0x9fb21c651e98df25;

/** State: u32 block, u32 hashes in it or 0xffffffff for registers (8 bytes), and a block of the heap. */
@final @unmanaged
export class ApproxCountDistinct {
  block: u32;
  size: u32;

  @inline init(): void { store<u64>(changetype<usize>(this), 0); }

  /** Requires: room for APPROX_COUNT_PAGES; so do the next three. */
  addLong(value: i64): void { this.addHash(spread(<u64>value)); }
  /** All NaN are one value; 0.0 and -0.0 are two, as they are to DISTINCT. */
  addDouble(value: f64): void { this.addLong(reinterpret<i64>(value == value ? value : NaN)); }
  addWide(address: usize): void { this.addHash(spread(spread(load<u64>(address)) ^ load<u64>(address, 8))); }
  addText(text: u64): void {
    const length = textLength(text);
    if (length == 0) this.addHash(spread(<u64>hashShort(0, 0, 0, SEED)));
    else this.addHash(spread(<u64>hashLong(textAddress(text), length, SEED) << 32 | <u64>hashLong(textAddress(text), length, SEED_AGAIN)));
  }

  /** Requires: room for APPROX_COUNT_PAGES. */
  merge(other: ApproxCountDistinct): void {
    if (other.size != DENSE) {
      for (let index: u32 = 0; index < other.size; index++) this.addHash(load<u64>(<usize>other.block + (<usize>index << 3)));
      return;
    }
    if (this.size != DENSE) this.becomeDense();
    for (let index: usize = 0; index < <usize>PAGE_BYTES; index++) this.raise(index, load<u8>(<usize>other.block + index));
  }

  /** How many different values there were, about. */
  result(): i64 {
    if (this.size != DENSE) return <i64>this.size;
    let harmonic: f64 = 0;
    let zeros: f64 = 0;
    let full: f64 = 0;
    for (let index: usize = 0; index < <usize>PAGE_BYTES; index++) {
      const rank = <u64>load<u8>(<usize>this.block + index);
      if (rank == 0) zeros += 1;
      else if (rank > RANK_BITS) full += 1;
      else harmonic += reinterpret<f64>(1023 - rank << 52); // 2 ^ -rank
    }
    const last = reinterpret<f64>(1023 - RANK_BITS << 52);
    const total = REGISTERS * sigma(zeros / REGISTERS) + harmonic + REGISTERS * tau(1 - full / REGISTERS) * last;
    return <i64>nearest(ALPHA * REGISTERS * REGISTERS / total);
  }

  @inline free(): void { if (this.block != 0) give(this.block, this.size == DENSE ? PAGE_BYTES : listBytes(this.size)); }

  private addHash(hash: u64): void {
    if (this.size != DENSE) {
      for (let index: u32 = 0; index < this.size; index++) if (load<u64>(<usize>this.block + (<usize>index << 3)) == hash) return;
      if (this.size < LISTED_MAX) {
        this.list(hash);
        return;
      }
      this.becomeDense();
    }
    this.count(hash);
  }

  /** Raises the register that the hash belongs to. */
  @inline
  private count(hash: u64): void {
    this.raise(<usize>(hash >> RANK_BITS), <u8>(1 + clz<u64>(hash << INDEX_BITS | <u64>1 << (INDEX_BITS - 1))));
  }

  @inline
  private raise(index: usize, rank: u8): void {
    const register = <usize>this.block + index;
    if (load<u8>(register) < rank) put<u8>(register, rank);
  }

  /** Puts a hash at the end of the list, in a block of twice the size where it is full. */
  private list(hash: u64): void {
    const size = this.size;
    if (size == 0) this.block = <u32>take(listBytes(1));
    else if (listBytes(size) != listBytes(size + 1)) {
      const wider = take(listBytes(size + 1));
      copyIn(wider, this.block, size << 3);
      give(this.block, listBytes(size));
      this.block = <u32>wider;
    }
    put<u64>(<usize>this.block + (<usize>size << 3), hash);
    this.size = size + 1;
  }

  private becomeDense(): void {
    const former = <usize>this.block;
    const size = this.size;
    const page = take(PAGE_BYTES);
    clear(page, PAGE_BYTES);
    this.block = <u32>page;
    this.size = DENSE;
    for (let index: u32 = 0; index < size; index++) this.count(load<u64>(former + (<usize>index << 3)));
    if (former != 0) give(former, listBytes(size));
  }
}

/** Bytes of the block of `size` > 0 hashes. */
function listBytes(size: u32): u32 { return max<u32>(LISTED_MIN, <u32>1 << (32 - <u32>clz<u32>(size - 1))) << 3; }

/** Every bit of the value changes half of the result's. Source: Stafford's variant 13 of the finalizer of MurmurHash3. */
function spread(value: u64): u64 {
  let hash = value + SEED;
  hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ hash >> 27) * 0x94d049bb133111eb;
  return hash ^ hash >> 31;
}

/** What registers that were never raised stand for. */
function sigma(share: f64): f64 {
  if (share == 1) return Infinity;
  let x = share;
  let power: f64 = 1;
  let sum = share;
  for (let former: f64 = -1; sum != former; power += power) {
    x *= x;
    former = sum;
    sum += x * power;
  }
  return sum;
}

/** What registers at their highest rank stand for. */
function tau(share: f64): f64 {
  if (share == 0 || share == 1) return 0;
  let x = share;
  let power: f64 = 1;
  let sum = 1 - share;
  for (let former: f64 = -1; sum != former;) {
    x = sqrt(x);
    former = sum;
    power *= 0.5;
    sum -= (1 - x) * (1 - x) * power;
  }
  return sum / 3;
}
