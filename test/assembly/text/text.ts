/** Texts compare by bytes; the arena gives room until it has none, and all of it back at a reset. */
import { TEXTS, TEXTS_BYTES } from "../../../assembly/abi";
import { clearError, errorExpression, errorReason, fail } from "../../../assembly/error";
import { reset, take, trim } from "../../../assembly/text/arena";
import { textAddress, textCompare, textEquals, textLength, textOf } from "../../../assembly/text/text";

function put(at: usize, text: string): u64 {
  for (let i = 0; i < text.length; i += 1) store<u8>(at + i, <u8>text.charCodeAt(i));
  return textOf(at, text.length);
}

export function a_text_is_its_address_and_length(): void {
  const text = textOf(0xfffffff0, 0x80000001);
  assert(textAddress(text) == 0xfffffff0 && textLength(text) == 0x80000001);
}

export function texts_compare_by_their_bytes(): void {
  const abc = put(TEXTS, "abc");
  const same = put(TEXTS + 64, "abc");
  const longer = put(TEXTS + 128, "abcd");
  const other = put(TEXTS + 192, "abd");
  assert(textEquals(abc, same) && !textEquals(abc, longer) && !textEquals(abc, other));
  assert(textCompare(abc, same) == 0 && textCompare(abc, longer) < 0 && textCompare(other, longer) > 0);
}

export function the_arena_gives_separate_pieces_until_it_is_full(): void {
  reset();
  const first = take(5);
  const second = take(5);
  assert(first == TEXTS && second >= first + 5 + 16 && (second & 7) == 0);
  assert(take(TEXTS_BYTES) == 0);
  assert(take(0xffffffff) == 0);
  reset();
  assert(take(TEXTS_BYTES - 64) == TEXTS);
  assert(take(64) == 0);
}

export function what_a_piece_did_not_need_is_given_back(): void {
  reset();
  const piece = take(1000);
  trim(piece + 9);
  assert(take(1) == piece + 16);
}

export function only_the_first_error_of_a_row_counts(): void {
  clearError();
  assert(errorReason() == 0);
  fail(6, 2);
  fail(5, 3);
  assert(errorReason() == 6 && errorExpression() == 2);
  clearError();
  assert(errorReason() == 0);
}
