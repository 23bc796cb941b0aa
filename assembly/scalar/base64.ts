/** TO_BASE64 and FROM_BASE64: RFC 4648, section 4, with padding. */
import { REJECT_EXPRESSION } from "../abi";
import { fail } from "../error";
import { textAddress, textLength } from "../text/text";
import { closed, room } from "./room";
import { textOfBytes } from "./utf8";

// A-Z a-z 0-9 + /
const ALPHABET: usize = memory.data<u8>([
  65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106,
  107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 43, 47,
]);

/** TO_BASE64(text): its UTF-8 bytes. */
export function toBase64(text: u64, expression: i32): u64 {
  const length = textLength(text);
  const start = room((<u64>length + 2) / 3 * 4, expression);
  if (start == 0) return 0;
  const address = textAddress(text);
  let out = start;
  for (let i: u32 = 0; i < length; i += 3) {
    const left = length - i;
    const word = (<u32>load<u8>(address + i) << 16) | (left > 1 ? <u32>load<u8>(address + i, 1) << 8 : 0) | (left > 2 ? <u32>load<u8>(address + i, 2) : 0);
    store<u8>(out, load<u8>(ALPHABET + (word >> 18)));
    store<u8>(out, load<u8>(ALPHABET + (word >> 12 & 63)), 1);
    store<u8>(out, left > 1 ? load<u8>(ALPHABET + (word >> 6 & 63)) : 0x3d, 2);
    store<u8>(out, left > 2 ? load<u8>(ALPHABET + (word & 63)) : 0x3d, 3);
    out += 4;
  }
  return closed(start, out);
}

// @ts-ignore: decorator
@inline
function valueOf(byte: u32): u32 {
  if (byte - 0x41 < 26) return byte - 0x41;
  if (byte - 0x61 < 26) return byte - 0x61 + 26;
  if (byte - 0x30 < 10) return byte - 0x30 + 52;
  return byte == 0x2b ? 62 : byte == 0x2f ? 63 : 64;
}

/** FROM_BASE64(text): the bytes read as UTF-8. Fails where Java's decoder does. */
export function fromBase64(text: u64, expression: i32): u64 {
  let length = textLength(text);
  const address = textAddress(text);
  const start = room(<u64>length, expression);
  if (start == 0) return 0;
  if (length > 0 && length % 4 == 0 && load<u8>(address + length - 1) == 0x3d) length -= load<u8>(address + length - 2) == 0x3d ? 2 : 1;
  let out = start;
  let word: u32 = 0;
  for (let i: u32 = 0; i < length; i += 1) {
    const value = valueOf(load<u8>(address + i));
    if (value == 64) {
      fail(REJECT_EXPRESSION, expression);
      return 0;
    }
    word = (word << 6) | value;
    if (i % 4 == 3) {
      store<u8>(out, <u8>(word >> 16));
      store<u8>(out, <u8>(word >> 8), 1);
      store<u8>(out, <u8>word, 2);
      out += 3;
      word = 0;
    }
  }
  const rest = length % 4;
  if (rest == 1) {
    fail(REJECT_EXPRESSION, expression);
    return 0;
  }
  if (rest == 2) store<u8>(out, <u8>(word >> 4));
  if (rest == 3) {
    store<u8>(out, <u8>(word >> 10));
    store<u8>(out, <u8>(word >> 2), 1);
  }
  return textOfBytes(closed(start, out + (rest == 0 ? 0 : rest - 1)), expression);
}
