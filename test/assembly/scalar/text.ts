/** Text functions around the borders of blocks of 16 bytes, where SIMD and scalar code part. */
import { OUTPUT, TEXTS, TEXTS_BYTES } from "../../../assembly/abi";
import { clearError, errorReason } from "../../../assembly/error";
import { lower, upper } from "../../../assembly/scalar/letters";
import { like } from "../../../assembly/scalar/like";
import { charLength, concatTexts, cutText, padText, position, replaceText, substring } from "../../../assembly/scalar/text";
import { trimBoth } from "../../../assembly/scalar/trim";
import { reset, take } from "../../../assembly/text/arena";
import { textAddress, textEquals, textLength, textOf } from "../../../assembly/text/text";

const NONE: u64 = 0;

/** A text of `count` times the code point, at `address`. */
function repeated(address: usize, count: i32, point: u32): u64 {
  const bytes: usize = point < 0x80 ? 1 : 2;
  for (let i: i32 = 0; i < count; i += 1) {
    const at = address + <usize>i * bytes;
    if (bytes == 1) store<u8>(at, <u8>point);
    else store<u16>(at, <u16>(0x80c0 | (point >> 6) | ((point & 0x3f) << 8)));
  }
  return textOf(address, <u32>(<usize>count * bytes));
}

/** Latin small letter e with acute. */
const E_ACUTE: u32 = 0xe9;

export function lengths_count_code_points_at_every_length_and_alignment(): void {
  for (let count: i32 = 0; count < 40; count += 1) {
    for (let shift: usize = 0; shift < 17; shift += 1) {
      assert(charLength(repeated(OUTPUT + shift, count, 0x61)) == count);
      assert(charLength(repeated(OUTPUT + shift, count, E_ACUTE)) == count);
    }
  }
}

export function substrings_start_and_end_at_code_points(): void {
  const text = repeated(OUTPUT, 40, E_ACUTE);
  for (let start: i32 = 1; start <= 40; start += 1) {
    const part = substring(text, start, 3);
    assert(textAddress(part) == OUTPUT + <usize>(start - 1) * 2);
    assert(<i32>textLength(part) == min(3, 41 - start) * 2);
    assert(substring(text, start - 41, 3) == part);
  }
  assert(substring(text, -41, 5) == 0);
  assert(substring(text, 0, 1) == substring(text, 1, 1));
}

export function a_part_is_found_wherever_it_stands(): void {
  const part = textOf(OUTPUT + 512, 2);
  store<u16>(OUTPUT + 512, 0x6362);
  for (let at: i32 = 0; at < 50; at += 1) {
    const text = repeated(OUTPUT, 52, 0x62);
    store<u8>(OUTPUT + <usize>at + 1, 0x63);
    assert(position(part, text) == at + 1);
    assert(position(part, textOf(OUTPUT, <u32>at + 1)) == 0);
  }
}

export function letters_change_case_at_every_place(): void {
  for (let count: i32 = 0; count < 40; count += 1) {
    reset();
    assert(textEquals(upper(repeated(OUTPUT, count, 0x7a), 1), repeated(OUTPUT + 512, count, 0x5a)));
    assert(textEquals(lower(repeated(OUTPUT, count, 0x5a), 1), repeated(OUTPUT + 512, count, 0x7a)));
    assert(textEquals(upper(repeated(OUTPUT, count, 0x7b), 1), repeated(OUTPUT + 512, count, 0x7b)));
    assert(textEquals(upper(repeated(OUTPUT, count, 0x60), 1), repeated(OUTPUT + 512, count, 0x60)));
    assert(textEquals(upper(repeated(OUTPUT, count, E_ACUTE), 1), repeated(OUTPUT + 512, count, 0xc9)));
  }
}

export function patterns_that_could_backtrack_for_years_end_at_once(): void {
  const text = repeated(OUTPUT, 5000, 0x61);
  const pattern = OUTPUT + 8192;
  for (let i: usize = 0; i < 200; i += 1) store<u16>(pattern + i * 2, 0x6125); // %a%a%a
  store<u16>(pattern + 400, 0x6225); // %b
  assert(!like(text, textOf(pattern, 402), NONE, 1));
  assert(like(text, textOf(pattern, 400), NONE, 1));
}

export function an_escape_before_anything_but_a_wildcard_fails(): void {
  clearError();
  const escape = textOf(OUTPUT + 64, 1);
  store<u8>(OUTPUT + 64, 0x21);
  store<u32>(OUTPUT, 0x25216161); // aa!%
  assert(!like(textOf(OUTPUT, 3), textOf(OUTPUT, 4), escape, 1) && errorReason() == 0);
  assert(!like(textOf(OUTPUT, 3), textOf(OUTPUT, 3), escape, 1) && errorReason() != 0); // aa!
  clearError();
  store<u32>(OUTPUT, 0x61216161); // aa!a
  assert(!like(textOf(OUTPUT, 3), textOf(OUTPUT, 4), escape, 1) && errorReason() != 0);
}

export function texts_that_fill_the_arena_fail_and_are_empty(): void {
  clearError();
  reset();
  const half = repeated(OUTPUT, TEXTS_BYTES / 2, 0x61);
  const whole = concatTexts(half, textOf(OUTPUT, TEXTS_BYTES / 2 - 64), 1);
  assert(errorReason() == 0 && textAddress(whole) == TEXTS);
  assert(concatTexts(half, half, 1) == 0 && errorReason() != 0);
  clearError();
  assert(upper(half, 1) == 0 && errorReason() != 0);
  clearError();
  const one = textOf(OUTPUT, 1);
  assert(replaceText(half, one, half, 1) == 0 && errorReason() != 0); // more bytes than a text can have
  clearError();
}

export function texts_are_cut_and_padded_to_code_points(): void {
  reset();
  const text = repeated(OUTPUT, 20, E_ACUTE);
  assert(textLength(cutText(text, 7)) == 14 && cutText(text, 20) == text);
  const padded = padText(text, 23, 1);
  assert(textLength(padded) == 43 && charLength(padded) == 23);
  assert(trimBoth(padded, textOf(textAddress(padded) + 42, 1)) == textOf(textAddress(padded), 40));
  assert(take(1) != 0);
}
