/**
 * Text: UTF-8 bytes somewhere in linear memory (INPUT, TEXTS or STATE), as one u64: address in the low half, length in
 * bytes in the high half. A Text owns nothing; what it points to must outlive it.
 */

/** A Text of `length` bytes at `address`. */
// @ts-ignore: decorator
@inline
export function textOf(address: usize, length: u32): u64 { return (<u64>length << 32) | <u64>address; }

/** Address of its first byte. */
// @ts-ignore: decorator
@inline
export function textAddress(text: u64): usize { return <usize>(text & 0xffffffff); }

/** Its length in bytes. */
// @ts-ignore: decorator
@inline
export function textLength(text: u64): u32 { return <u32>(text >> 32); }

/** Whether `a` and `b` hold the same bytes. */
export function textEquals(a: u64, b: u64): bool {
  const length = textLength(a);
  return length == textLength(b) && memory.compare(textAddress(a), textAddress(b), length) == 0;
}

/** Order of their bytes, which for UTF-8 is the order of code points: negative, 0 or positive. */
export function textCompare(a: u64, b: u64): i32 {
  const shorter = min<u32>(textLength(a), textLength(b));
  const order = memory.compare(textAddress(a), textAddress(b), shorter);
  return order != 0 ? order : <i32>textLength(a) - <i32>textLength(b);
}
