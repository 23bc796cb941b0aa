/** HEX, UNHEX and BIN: numbers and bytes as digits of base 16 and 2. */
import { textAddress, textLength, textOf } from "../text/text";
import { closed, NO_TEXT, room } from "./room";

// @ts-ignore: decorator
@inline
function digitOf(value: u32): u8 { return <u8>(value < 10 ? 0x30 + value : 0x41 - 10 + value); }

/** HEX(text): two digits for each of its UTF-8 bytes. */
export function hexOfText(text: u64, expression: i32): u64 {
  const start = room(<u64>textLength(text) * 2, expression);
  if (start == 0) return 0;
  let out = start;
  for (let p = textAddress(text); p < textAddress(text) + textLength(text); p += 1) {
    const byte = <u32>load<u8>(p);
    store<u8>(out, digitOf(byte >> 4));
    store<u8>(out, digitOf(byte & 15), 1);
    out += 2;
  }
  return textOf(start, textLength(text) * 2);
}

/** HEX(number): without leading zeros, of a negative one all 16 digits. */
export function hexOfLong(value: i64, expression: i32): u64 { return digitsOf(<u64>value, 4, expression); }

/** BIN(number): without leading zeros, of a negative one all 64 digits. */
export function binOfLong(value: i64, expression: i32): u64 { return digitsOf(<u64>value, 1, expression); }

function digitsOf(value: u64, bits: u64, expression: i32): u64 {
  const count = value == 0 ? 1 : <u32>((64 - clz(value) + bits - 1) / bits);
  const start = room(count, expression);
  if (start == 0) return 0;
  let rest = value;
  for (let at = count; at > 0; at -= 1) {
    store<u8>(start + at - 1, digitOf(<u32>(rest & ((1 << bits) - 1))));
    rest >>= bits;
  }
  return textOf(start, count);
}

/** UNHEX(text): bytes. Of an odd number of digits the first becomes a byte of zero, as in Flink. NULL where one is no digit. */
export function unhex(text: u64, expression: i32): u64 {
  const length = textLength(text);
  const start = room((<u64>length + 1) / 2, expression);
  if (start == 0) return 0;
  let out = start;
  let byte: u32 = 0;
  for (let i: u32 = 0; i < length; i += 1) {
    const letter = <u32>load<u8>(textAddress(text) + i);
    const value = letter - 0x30 < 10 ? letter - 0x30 : (letter | 0x20) - 0x61 < 6 ? (letter | 0x20) - 0x61 + 10 : 16;
    if (value == 16) return NO_TEXT;
    byte = (byte << 4) | value;
    if ((length - i) % 2 == 0) continue;
    store<u8>(out, i == 0 ? 0 : <u8>byte);
    out += 1;
    byte = 0;
  }
  return closed(start, out);
}
