/** URL_ENCODE and URL_DECODE: application/x-www-form-urlencoded over UTF-8, as java.net has it. */
import { textAddress, textLength } from "../text/text";
import { closed, NO_TEXT, room } from "./room";

// @ts-ignore: decorator
@inline
function isPlain(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10 || byte == 0x2e || byte == 0x2d || byte == 0x2a || byte == 0x5f;
}

// @ts-ignore: decorator
@inline
function digitOf(value: u32): u8 { return <u8>(value < 10 ? 0x30 + value : 0x41 - 10 + value); }

/** URL_ENCODE(text): letters, digits and .-*_ stay, a space becomes +, all other bytes %XX. */
export function urlEncode(text: u64, expression: i32): u64 {
  const start = room(<u64>textLength(text) * 3, expression);
  if (start == 0) return 0;
  let out = start;
  for (let p = textAddress(text); p < textAddress(text) + textLength(text); p += 1) {
    const byte = <u32>load<u8>(p);
    if (isPlain(byte) || byte == 0x20) {
      store<u8>(out, byte == 0x20 ? 0x2b : <u8>byte);
      out += 1;
    } else {
      store<u8>(out, 0x25);
      store<u8>(out, digitOf(byte >> 4), 1);
      store<u8>(out, digitOf(byte & 15), 2);
      out += 3;
    }
  }
  return closed(start, out);
}

// @ts-ignore: decorator
@inline
function valueOf(byte: u32): u32 { return byte - 0x30 < 10 ? byte - 0x30 : (byte | 0x20) - 0x61 < 6 ? (byte | 0x20) - 0x61 + 10 : 16; }

/** URL_DECODE(text): NULL where a % is not followed by two digits. */
export function urlDecode(text: u64, expression: i32): u64 {
  const start = room(textLength(text), expression);
  if (start == 0) return 0;
  const end = textAddress(text) + textLength(text);
  let out = start;
  for (let p = textAddress(text); p < end; p += 1) {
    let byte = <u32>load<u8>(p);
    if (byte == 0x2b) byte = 0x20;
    if (byte == 0x25) {
      if (end - p < 3) return NO_TEXT;
      const first = valueOf(load<u8>(p, 1));
      const second = valueOf(load<u8>(p, 2));
      if ((first | second) > 15) return NO_TEXT;
      byte = first << 4 | second;
      p += 2;
    }
    store<u8>(out, <u8>byte);
    out += 1;
  }
  return closed(start, out);
}
