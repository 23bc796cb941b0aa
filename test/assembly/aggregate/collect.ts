/** COLLECT as a JSON object: counts, escapes, nothing. */
import { PAGE_BYTES, SCRATCH, STATE } from "../../../assembly/abi";
import { Collect } from "../../../assembly/aggregate/collect";
import { clearError } from "../../../assembly/error";
import { initHeap } from "../../../assembly/state/heap";
import { reset } from "../../../assembly/text/arena";
import { textAddress, textLength, textOf } from "../../../assembly/text/text";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const FROM: usize = SCRATCH + 0x6000;

function collect(at: usize): Collect {
  if (at == AT) initHeap(<usize>STATE + 2 * PAGE_BYTES);
  reset();
  clearError();
  const made = changetype<Collect>(at);
  made.init();
  return made;
}

export function nothing_is_an_empty_object(): void {
  const text = collect(AT).result(0);
  assert(textLength(text) == 2 && load<u16>(textAddress(text)) == 0x7d7b);
}

export function a_text_stands_with_its_count(): void {
  const made = collect(AT);
  store<u8>(FROM, 34); // a quotation mark
  for (let i = 0; i < 12; i++) made.add(textOf(FROM, 1));
  made.retract(textOf(FROM, 1));
  const text = made.result(0);
  assert(textLength(text) == 9); // {"\"":11}
  assert(load<u64>(textAddress(text)) == 0x31313a22225c227b && load<u8>(textAddress(text), 8) == 125);
}

export function merging_adds_counts(): void {
  const made = collect(AT);
  const other = collect(OTHER);
  store<u8>(FROM, 97);
  made.add(textOf(FROM, 1));
  other.add(textOf(FROM, 1));
  other.add(textOf(FROM, 0));
  made.merge(other);
  assert(textLength(made.result(0)) == 12); // {"a":2,"":1} in some order
}
