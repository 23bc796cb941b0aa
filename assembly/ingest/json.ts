/**
 * Payloads in any order of keys. Generated code tries one pass first, with the pieces below; whatever is out of the ordinary
 * (duplicate keys, wrong types, broken syntax) goes the long way, which alone refuses: it checks the payload as a whole
 * (RFC 8259, UTF-8, at most 64 deep), notes where each column's value begins, and converts afterwards. So the last of
 * duplicate keys wins, as in Flink's tree, and what is not JSON is refused whatever the query reads of it.
 */
import { REJECT_MALFORMED, REJECT_TYPE } from "../abi";
import { SCRATCH_MISSHAPEN, SCRATCH_SEEN } from "../scratch";
import { textAddress, textLength } from "../text/text";
import { TARGET_NODE, TARGET_NONE, findKey, nodeColumns } from "./keys";
import { PAYLOAD_CHECKED, STRING_ESCAPED, VALUE_SLOTS, VALUE_TEXT, malformed, refuse, rejectReason } from "./reject";
import { DEPTH_MAX, isNullAt, skipSpace, skipValue } from "./skip";
import { decodeString, plainRun, scanString } from "./string";

// --------------------------------------------------------------------------------------- one pass: pieces of generated code

/** Forgets the columns of the payload before. */
// @ts-ignore: decorator
@inline
export function clearSeen(): void { store<u64>(SCRATCH_SEEN, 0); }

/** Notes that the payload has `column`. @returns false when it had it already */
// @ts-ignore: decorator
@inline
export function isFirstSight(column: i32): bool {
  const seen = load<u64>(SCRATCH_SEEN);
  const bit = <u64>1 << column;
  store<u64>(SCRATCH_SEEN, seen | bit);
  return (seen & bit) == 0;
}

/** Whether none of the node's columns was seen, so that its object cannot replace an earlier one. */
// @ts-ignore: decorator
@inline
export function isFirstNode(keys: usize, node: u32): bool { return (load<u64>(SCRATCH_SEEN) & nodeColumns(keys, node)) == 0; }

/** Closing quote of the key whose first character is at `name`; 0 when it is escaped or broken. */
// @ts-ignore: decorator
@inline
export function keyEnd(name: usize, end: usize): usize {
  const close = name + plainRun(name);
  return load<u8>(close) == 0x22 ? close : longKeyEnd(name, end);
}

function longKeyEnd(name: usize, end: usize): usize {
  const close = scanString(name, end);
  return close != 0 && load<u32>(STRING_ESCAPED) == 0 ? close : 0;
}

/** Address of the value of the key that closes at `close`, 0 when no colon stands between. */
// @ts-ignore: decorator
@inline
export function memberValue(close: usize, end: usize): usize {
  const colon = skipSpace(close + 1, end);
  return load<u8>(colon) == 0x3a ? skipSpace(colon + 1, end) : 0;
}

// ----------------------------------------------------------------------------------------------------------- the long way

/**
 * Checks the payload and finds the values of its columns; `seenColumns` and `valueSlot` then tell.
 * @returns 0, or a REJECT_* reason, the column at fault in rejectColumn()
 */
export function scanPayload(payload: usize, end: usize, keys: usize): i32 {
  store<u64>(SCRATCH_SEEN, 0);
  store<u64>(SCRATCH_MISSHAPEN, 0);
  let p = skipSpace(payload, end);
  const isObject = p < end && load<u8>(p) == 0x7b;
  p = isObject ? scanObject(p, end, keys, 0, 1) : skipValue(p, end, 0);
  if (p == 0) return refuse(rejectReason(), -1);
  if (skipSpace(p, end) != end) return refuse(REJECT_MALFORMED, -1);
  if (!isObject) return refuse(REJECT_TYPE, -1);
  const misshapen = load<u64>(SCRATCH_MISSHAPEN);
  if (misshapen != 0) return refuse(REJECT_TYPE, <i32>ctz(misshapen));
  store<u32>(PAYLOAD_CHECKED, 1);
  return 0;
}

/** Ends what scanPayload began, once the columns are read. */
// @ts-ignore: decorator
@inline
export function leavePayload(): void { store<u32>(PAYLOAD_CHECKED, 0); }

/** Bits of the columns that the payload scanned last has a value for. */
// @ts-ignore: decorator
@inline
export function seenColumns(): u64 { return load<u64>(SCRATCH_SEEN); }

/** Address of the column's value. Requires: its bit is in seenColumns(). */
// @ts-ignore: decorator
@inline
export function valueSlot(column: u32): usize { return <usize>load<u32>(VALUE_SLOTS + (<usize>column << 2)); }

/** The object at `p`, which is `node` of the table. @returns address behind it, or 0 */
function scanObject(p: usize, end: usize, keys: usize, node: u32, depth: i32): usize {
  if (depth > DEPTH_MAX) return malformed();
  let q = skipSpace(p + 1, end);
  if (q < end && load<u8>(q) == 0x7d) return q + 1;
  while (q < end) {
    if (load<u8>(q) != 0x22) return malformed();
    const name = q + 1;
    let target: i32;
    let close = name + plainRun(name);
    if (load<u8>(close) == 0x22) {
      target = findKey(keys, node, name, <u32>(close - name));
    } else {
      close = scanString(name, end);
      if (close == 0) return 0;
      target = findLongKey(keys, node, name, close);
      if (target < TARGET_NONE) return 0;
    }
    q = skipSpace(close + 1, end);
    if (q >= end || load<u8>(q) != 0x3a) return malformed();
    q = skipSpace(q + 1, end);
    q = target < TARGET_NODE ? scanColumn(q, end, target, depth) : scanNode(q, end, keys, <u32>(target - TARGET_NODE), depth);
    if (q == 0) return 0;
    q = skipSpace(q, end);
    if (q >= end) return malformed();
    const byte = <u32>load<u8>(q);
    if (byte == 0x7d) return q + 1;
    if (byte != 0x2c) return malformed();
    q = skipSpace(q + 1, end);
  }
  return malformed();
}

/** A key that is long, escaped or beyond ASCII. @returns its target, or less than TARGET_NONE when the arena is full */
function findLongKey(keys: usize, node: u32, name: usize, close: usize): i32 {
  if (load<u32>(STRING_ESCAPED) == 0) return findKey(keys, node, name, <u32>(close - name));
  if (!decodeString(name, close, VALUE_TEXT)) return TARGET_NONE - 1;
  const text = load<u64>(VALUE_TEXT);
  return findKey(keys, node, textAddress(text), textLength(text));
}

/** The value of a column, or of a field that nobody wants. */
function scanColumn(p: usize, end: usize, target: i32, depth: i32): usize {
  const behind = skipValue(p, end, depth);
  if (behind == 0 || target == TARGET_NONE) return behind;
  store<u64>(SCRATCH_SEEN, load<u64>(SCRATCH_SEEN) | (<u64>1 << target));
  store<u32>(VALUE_SLOTS + (<usize>target << 2), <u32>p);
  return behind;
}

/** The value of a field that should be an object with columns in it. */
function scanNode(p: usize, end: usize, keys: usize, node: u32, depth: i32): usize {
  const columns = nodeColumns(keys, node);
  store<u64>(SCRATCH_SEEN, load<u64>(SCRATCH_SEEN) & ~columns);
  store<u64>(SCRATCH_MISSHAPEN, load<u64>(SCRATCH_MISSHAPEN) & ~columns);
  if (load<u8>(p) == 0x7b && p < end) return scanObject(p, end, keys, node, depth + 1);
  const isNull = isNullAt(p);
  const behind = skipValue(p, end, depth);
  if (behind != 0 && !isNull) store<u64>(SCRATCH_MISSHAPEN, load<u64>(SCRATCH_MISSHAPEN) | columns);
  return behind;
}
