/** Counted values: small and large sets, texts of any length, retraction, what comes back to the heap. */
import { SCRATCH, STATE, PAGE_BYTES } from "../../../assembly/abi";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { Counted, Tally } from "../../../assembly/state/tally";
import { textAddress, textLength, textOf } from "../../../assembly/text/text";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const TEXT: usize = SCRATCH + 0x6000;

function tally(at: usize = AT): Tally {
  if (at == AT) initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const made = changetype<Tally>(at);
  made.init();
  return made;
}

/** `length` bytes, of which the first eight are `n`. */
function text(n: i64, length: u32): u64 {
  memory.fill(TEXT, 120, length);
  store<i64>(TEXT, n);
  return textOf(TEXT, length);
}

export function twenty_thousand_values_are_found_again_and_new_only_once(): void {
  const set = tally();
  for (let i: i64 = 0; i < 20000; i++) assert(set.addLong(i * 7));
  for (let i: i64 = 0; i < 20000; i++) assert(!set.addLong(i * 7));
  assert(set.size == 20000);
  let seen: i64 = 0;
  let sum: i64 = 0;
  for (let at = set.first(); at != 0; at = set.after(at)) {
    seen++;
    sum += load<i64>(at);
    assert(changetype<Counted>(at).count == 2);
  }
  assert(seen == 20000);
  assert(sum == 7 * (20000 * 19999 / 2));
}

export function values_taken_back_are_gone_and_the_others_stay(): void {
  const set = tally();
  for (let i: i64 = 0; i < 3000; i++) set.addLong(i);
  for (let i: i64 = 0; i < 3000; i += 2) assert(set.removeLong(i));
  assert(set.size == 1500);
  for (let i: i64 = 0; i < 3000; i++) assert(set.addLong(i) == (i % 2 == 0));
  assert(!set.removeLong(1));
  assert(set.removeLong(1));
}

export function texts_of_any_length_are_values_and_all_blocks_come_back(): void {
  const set = tally();
  let length: u32 = 0;
  for (let round = 0; round < 4; round++) {
    for (let i: i64 = 0; i < 500; i++) {
      assert(set.addText(text(i, 8)));
      assert(set.addText(text(i, 40)));
      assert(set.addText(text(i, 300)));
      assert(!set.addText(text(i, 40)));
    }
    assert(set.size == 1500);
    for (let at = set.first(); at != 0; at = set.after(at)) {
      const value = changetype<Counted>(at).text();
      assert(load<i64>(textAddress(value)) < 500 && textLength(value) >= 8);
    }
    set.free();
    set.init();
    if (round < 2) length = stateLength(); // in the first round blocks and pages take turns; from then on all is there
    else assert(stateLength() == length);
  }
}

export function zeros_differ_and_all_nan_are_one(): void {
  const set = tally();
  assert(set.addDouble(0.0));
  assert(set.addDouble(-0.0));
  assert(set.addDouble(NaN));
  assert(!set.addDouble(reinterpret<f64>(0xfff8000000000001)));
  assert(set.size == 3);
}

export function merging_adds_counts(): void {
  const set = tally();
  const other = tally(OTHER);
  for (let i: i64 = 0; i < 200; i++) set.addLong(i);
  for (let i: i64 = 100; i < 400; i++) other.addLong(i);
  let fresh = 0;
  for (let at = other.first(); at != 0; at = other.after(at)) if (set.addCounted(changetype<Counted>(at))) fresh++;
  assert(fresh == 200);
  assert(set.size == 400);
}
