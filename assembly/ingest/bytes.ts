/** One JSON string in base64 (RFC 4648, 4, with padding) -> a BYTES column, decoded into the arena. */
import { REJECT_OVERSIZE, REJECT_TYPE } from "../abi";
import { take, trim } from "../text/arena";
import { textAddress, textLength } from "../text/text";
import { VALUE_TEXT, reject } from "./reject";
import { readText } from "./value";

/** BYTES. */
export function readBytes(p: usize, end: usize, into: usize): usize {
  if (load<u8>(p) != 0x22) return reject(REJECT_TYPE);
  const behind = readText(p, end, VALUE_TEXT);
  if (behind == 0) return 0;
  const from = textAddress(load<u64>(VALUE_TEXT));
  const length = textLength(load<u64>(VALUE_TEXT));
  if ((length & 3) != 0) return reject(REJECT_TYPE);
  const target = take(length);
  if (target == 0) return reject(REJECT_OVERSIZE);
  let padding: usize = 0;
  if (length > 0 && load<u8>(from + length - 1) == 0x3d) padding = load<u8>(from + length - 2) == 0x3d ? 2 : 1;
  let out = target;
  for (let q = from; q < from + length; q += 4) {
    let word: u32 = 0;
    for (let i: usize = 0; i < 4; i += 1) {
      const isPadding = q + i >= from + length - padding;
      const six = isPadding ? 0 : sixBits(<u32>load<u8>(q + i));
      if (six > 63) return reject(REJECT_TYPE);
      word = (word << 6) | six;
    }
    store<u8>(out, <u8>(word >> 16));
    store<u8>(out, <u8>(word >> 8), 1);
    store<u8>(out, <u8>word, 2);
    out += 3;
  }
  out -= padding;
  trim(out);
  store<u32>(into, <u32>target);
  store<u32>(into, <u32>(out - target), 4);
  return behind;
}

/** Value of one character of base64, 64 for any other. */
function sixBits(byte: u32): u32 {
  if (byte - 0x41 < 26) return byte - 0x41;
  if (byte - 0x61 < 26) return byte - 0x61 + 26;
  if (byte - 0x30 < 10) return byte - 0x30 + 52;
  return byte == 0x2b ? 62 : byte == 0x2f ? 63 : 64;
}
