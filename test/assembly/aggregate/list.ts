/** Lists of texts: separators, brackets, merging, and one that does not fit the arena. */
import { PAGE_BYTES, REJECT_OVERSIZE, SCRATCH, STATE } from "../../../assembly/abi";
import { List } from "../../../assembly/aggregate/list";
import { clearError, errorReason } from "../../../assembly/error";
import { initHeap } from "../../../assembly/state/heap";
import { reset } from "../../../assembly/text/arena";
import { textAddress, textEquals, textLength, textOf } from "../../../assembly/text/text";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const FROM: usize = SCRATCH + 0x6000;

function list(at: usize): List {
  if (at == AT) initHeap(<usize>STATE + 2 * PAGE_BYTES);
  reset();
  clearError();
  const made = changetype<List>(at);
  made.init();
  return made;
}

/** One ASCII character as a text. */
function letter(code: u8): u64 {
  store<u8>(FROM + <usize>code, code);
  return textOf(FROM + <usize>code, 1);
}

function bytes(a: u8, b: u8, c: u8, d: u8, e: u8): u64 {
  store<u8>(FROM + 512, a);
  store<u8>(FROM + 512, b, 1);
  store<u8>(FROM + 512, c, 2);
  store<u8>(FROM + 512, d, 3);
  store<u8>(FROM + 512, e, 4);
  return textOf(FROM + 512, 5);
}

export function separators_stand_between_also_of_empty_texts(): void {
  const made = list(AT);
  assert(made.isNull());
  made.add(letter(97), letter(44));
  made.add(0, letter(44));
  made.add(letter(98), letter(44));
  assert(textLength(made.result(0)) == 4);
  made.init();
  made.add(0, letter(44));
  made.add(letter(98), letter(44));
  assert(textEquals(made.bracketed(91, 93, 0), textOf(textAddress(bytes(91, 44, 98, 93, 0)), 4)));
}

export function an_empty_list_has_brackets_only(): void {
  const made = list(AT);
  assert(textLength(made.bracketed(91, 93, 0)) == 2);
}

export function a_merged_list_stands_behind(): void {
  const made = list(AT);
  const other = list(OTHER);
  made.merge(other, letter(44));
  made.add(letter(97), letter(44));
  other.add(letter(98), letter(44));
  other.add(letter(99), letter(44));
  made.merge(other, letter(44));
  assert(made.count == 3);
  assert(textEquals(made.result(0), bytes(97, 44, 98, 44, 99)));
}

export function a_list_beyond_the_arena_fails(): void {
  const made = list(AT);
  memory.fill(FROM, 97, 4096);
  for (let i = 0; i < 300; i++) made.add(textOf(FROM, 4096), 0);
  assert(made.result(7) == 0);
  assert(errorReason() == REJECT_OVERSIZE);
}
