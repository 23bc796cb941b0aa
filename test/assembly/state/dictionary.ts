/** Keys to dense ids: found again, never confused, freed with their last pane, through splits of many buckets. */
import { HEADER, HEADER_MEMORY_END, INPUT, OPERATORS, PAGE_BYTES, STATE } from "../../../assembly/abi";
import { Dictionary, Entry, NULL_KEY } from "../../../assembly/state/dictionary";
import { initHeap } from "../../../assembly/state/heap";

const KEYS = changetype<Dictionary>(<usize>OPERATORS + 1024);

function begin(): void {
  store<u32>(HEADER + HEADER_MEMORY_END, <u32>STATE + (16 << 20));
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  KEYS.init(7);
}

/** Writes key `n`, longer than 16 bytes for every third. @returns its length */
function keyAt(n: u32): u32 {
  store<u64>(INPUT, 0x2d79656b, 0);
  store<u64>(INPUT, <u64>n * 0x9e3779b97f4a7c15, 4);
  memory.fill(INPUT + 12, <u8>n, 64);
  return n % 3 == 0 ? 17 + n % 40 : 12 + n % 5;
}

function entryOf(n: u32): usize {
  const length = keyAt(n);
  return KEYS.entryOf(INPUT, length);
}

export function ids_are_dense_and_found_again_through_many_splits(): void {
  begin();
  for (let n: u32 = 0; n < 20000; n++) {
    const entry = entryOf(n);
    assert(changetype<Entry>(entry).id == n);
    KEYS.retain(entry);
  }
  for (let n: u32 = 0; n < 20000; n++) {
    const entry = entryOf(n);
    assert(changetype<Entry>(entry).id == n);
    assert(KEYS.entryAt(n) == entry);
    assert(memory.compare(changetype<Entry>(entry).bytes(), INPUT, changetype<Entry>(entry).length) == 0);
  }
  assert(KEYS.keyCount == 20000);
}

export function a_prefix_trailing_zeros_the_empty_key_and_null_are_different_keys(): void {
  begin();
  memory.fill(INPUT, 0, 64);
  for (let length: u32 = 0; length < 40; length++) assert(changetype<Entry>(KEYS.entryOf(INPUT, length)).id == length);
  assert(changetype<Entry>(KEYS.nullEntry()).id == 40);
  assert(KEYS.entryOf(INPUT, NULL_KEY) == KEYS.nullEntry());
  assert(changetype<Entry>(KEYS.nullEntry()).isNull());
  for (let length: u32 = 0; length < 40; length++) assert(changetype<Entry>(KEYS.entryOf(INPUT, length)).id == length);
}

export function what_lies_behind_a_key_does_not_matter(): void {
  begin();
  store<u64>(INPUT, 0x616161616161);
  const entry = KEYS.entryOf(INPUT, 3);
  store<u8>(INPUT, 98, 3);
  assert(KEYS.entryOf(INPUT, 3) == entry);
}

export function a_key_goes_with_its_last_pane_and_its_id_is_reused_oldest_first(): void {
  begin();
  for (let n: u32 = 0; n < 10; n++) KEYS.retain(entryOf(n));
  KEYS.retain(entryOf(4));
  KEYS.release(KEYS.entryAt(4));
  assert(KEYS.keyCount == 10);
  KEYS.release(KEYS.entryAt(4));
  KEYS.release(KEYS.entryAt(2));
  assert(KEYS.keyCount == 8);
  assert(changetype<Entry>(entryOf(100)).id == 4);
  assert(changetype<Entry>(entryOf(2)).id == 2);
  assert(changetype<Entry>(entryOf(101)).id == 10);
}

export function freeing_in_any_order_loses_no_other_key(): void {
  begin();
  for (let n: u32 = 0; n < 3000; n++) KEYS.retain(entryOf(n));
  for (let n: u32 = 0; n < 3000; n += 2) KEYS.release(entryOf((n * 7) % 3000 & ~1));
  assert(KEYS.keyCount == 1500);
  for (let n: u32 = 1; n < 3000; n += 2) {
    const entry = entryOf(n);
    assert(changetype<Entry>(entry).id == n);
    assert(changetype<Entry>(entry).paneCount == 1);
  }
  assert(KEYS.keyCount == 1500);
}
