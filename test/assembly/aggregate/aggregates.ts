/** Aggregates as Flink computes them: wrapping sums, the sign of zero, NaN, texts that are freed, decimals that overflow. */
import { HEADER, HEADER_MEMORY_END, PAGE_BYTES, SCRATCH, STATE } from "../../../assembly/abi";
import { Count } from "../../../assembly/aggregate/count";
import { ExtremeText, ExtremeWide, Extrema, MaxLong, MinLong } from "../../../assembly/aggregate/extrema";
import { meanDouble, meanLong, meanWide } from "../../../assembly/aggregate/mean";
import { SumDouble, SumFloat, SumLong, SumWide } from "../../../assembly/aggregate/sum";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { textOf } from "../../../assembly/text/text";

const AT: usize = SCRATCH + 0x6000;
const OTHER: usize = SCRATCH + 0x6100;

export function counts_add_up(): void {
  const count = changetype<Count>(AT);
  count.init();
  count.add();
  count.add();
  count.merge(count);
  assert(count.result() == 4);
}

export function bigint_sums_wrap_and_the_mean_is_cut_towards_zero(): void {
  const sum = changetype<SumLong>(AT);
  sum.init();
  sum.add(i64.MAX_VALUE);
  sum.add(1);
  assert(sum.result() == i64.MIN_VALUE);
  sum.init();
  sum.add(-7);
  assert(meanLong(AT, 2) == -3);
}

export function a_sum_of_minus_zeros_is_minus_zero(): void {
  const sum = changetype<SumDouble>(AT);
  sum.init();
  sum.add(-0.0);
  assert(reinterpret<u64>(sum.result()) == 0x8000000000000000);
  sum.add(0.0);
  assert(reinterpret<u64>(sum.result()) == 0);
}

export function the_nan_of_opposite_infinities_is_the_canonical_one(): void {
  const sum = changetype<SumDouble>(AT);
  sum.init();
  sum.add(Infinity);
  sum.add(-Infinity);
  assert(reinterpret<u64>(sum.result()) == 0x7ff8000000000000);
  assert(reinterpret<u64>(meanDouble(AT, 2)) == 0x7ff8000000000000);
}

export function float_sums_round_to_float_at_each_step(): void {
  const sum = changetype<SumFloat>(AT);
  sum.init();
  sum.add(16777216.0);
  sum.add(1.0);
  sum.add(1.0);
  assert(sum.result() == 16777216.0);
}

export function extremes_of_integers(): void {
  const low = changetype<MinLong>(AT);
  const high = changetype<MaxLong>(OTHER);
  low.init();
  high.init();
  for (let i: i64 = -3; i < 3; i++) {
    low.add(i * 5 % 7);
    high.add(i * 5 % 7);
  }
  assert(low.result() == -5);
  assert(high.result() == 5);
}

function bits(value: f64): u64 { return reinterpret<u64>(value); }

export function of_both_zeros_the_first_stays(): void {
  const extrema = changetype<Extrema>(AT);
  extrema.init();
  extrema.add(0.0);
  extrema.add(-0.0);
  assert(bits(extrema.lowest()) == 0);
  assert(bits(extrema.highest()) == 0);
  extrema.init();
  extrema.add(-0.0);
  extrema.add(0.0);
  assert(bits(extrema.lowest()) == 0x8000000000000000);
}

export function a_nan_that_comes_first_stays_and_a_later_one_is_ignored(): void {
  const extrema = changetype<Extrema>(AT);
  extrema.init();
  extrema.add(NaN);
  extrema.add(1.0);
  assert(isNaN(extrema.lowest()));
  assert(isNaN(extrema.highest()));
  extrema.init();
  extrema.add(1.0);
  extrema.add(NaN);
  extrema.add(-2.0);
  assert(extrema.lowest() == -2.0);
  assert(extrema.highest() == 1.0);
}

export function infinities_are_values_like_others(): void {
  const extrema = changetype<Extrema>(AT);
  extrema.init();
  extrema.add(Infinity);
  assert(extrema.lowest() == Infinity);
  assert(extrema.highest() == Infinity);
}

export function merged_extremes_cover_both_and_an_empty_one_adds_nothing(): void {
  const extrema = changetype<Extrema>(AT);
  const other = changetype<Extrema>(OTHER);
  extrema.init();
  other.init();
  other.add(3.0);
  other.add(-4.0);
  extrema.merge(other);
  assert(extrema.lowest() == -4.0);
  assert(extrema.highest() == 3.0);
  other.init();
  extrema.merge(other);
  assert(extrema.lowest() == -4.0);
}

export function a_replaced_text_is_freed(): void {
  store<u32>(HEADER + HEADER_MEMORY_END, <u32>STATE + (1 << 20));
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const least = changetype<ExtremeText>(<usize>STATE + PAGE_BYTES + 512);
  least.init();
  memory.fill(AT, 122, 64);
  least.addMin(textOf(AT, 60));
  const length = stateLength();
  for (let i: u8 = 0; i < 24; i++) {
    store<u8>(AT, 121 - i);
    least.addMin(textOf(AT, 60));
    least.addMax(textOf(AT, 60));
  }
  assert(stateLength() == length);
  assert(load<u8>(<usize>least.result() & 0xffffffff) == 98);
  least.addMin(textOf(AT, 0));
  assert(least.result() >> 32 == 0);
  least.free();
}

export function wide_extremes_compare_with_sign(): void {
  const low = changetype<ExtremeWide>(AT);
  low.initMin();
  low.addMin(5, 0);
  low.addMin(1, -1);
  low.addMin(2, -1);
  assert(low.low == 1 && low.high == -1);
  const high = changetype<ExtremeWide>(OTHER);
  high.initMax();
  high.addMax(1, -1);
  high.addMax(2, -1);
  assert(high.low == 2 && high.high == -1);
}

export function a_decimal_sum_that_left_38_digits_stays_null(): void {
  const sum = changetype<SumWide>(AT);
  sum.init();
  sum.addWide(0x098a223fffffffff, 0x4b3b4ca85a86c47a);
  assert(!sum.isNull());
  sum.addLong(1);
  assert(sum.isNull());
  sum.addLong(-5);
  assert(sum.isNull());
}

export function a_negative_decimal_sum_overflows_on_its_side(): void {
  const sum = changetype<SumWide>(AT);
  sum.init();
  sum.addLong(-1);
  assert(sum.low == u64.MAX_VALUE && sum.high == -1);
  assert(!sum.isNull());
  sum.addWide(~<u64>0x098a223fffffffff + 1, ~<i64>0x4b3b4ca85a86c47a);
  assert(sum.isNull());
}

export function a_decimal_mean_is_rounded_half_up(): void {
  const sum = changetype<SumWide>(AT);
  sum.init();
  sum.addLong(-5);
  store<i64>(OTHER, 2);
  store<i64>(OTHER, 0, 8);
  assert(meanWide(AT, 0, OTHER, OTHER + 16, 38, 0));
  assert(load<i64>(OTHER + 16) == -3);
}
