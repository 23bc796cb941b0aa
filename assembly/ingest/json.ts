/**
 * The long way through a payload: checks it as a whole (RFC 8259, UTF-8, at most 64 deep) in any order of keys, and notes
 * where each column's value begins; columns are converted afterwards. So the last of duplicate keys wins, as in Flink's
 * tree, and a payload that is not JSON is refused whatever the query reads of it.
 */
import { REJECT_MALFORMED, REJECT_TYPE } from "../abi";
import { SCRATCH_MISSHAPEN, SCRATCH_SEEN } from "../scratch";
import { textAddress, textLength } from "../text/text";
import { TARGET_NODE, TARGET_NONE, findKey, nodeColumns } from "./keys";
import { PAYLOAD_CHECKED, STRING_ESCAPED, VALUE_SLOTS, VALUE_TEXT, malformed, refuse, rejectReason } from "./reject";
import { SEGMENT_SKIP, learnValue, stopLearning } from "./shape";
import { DEPTH_MAX, isNullAt, skipSpace, skipValue } from "./skip";
import { decodeString, plainRun, scanString } from "./string";

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
  if (behind == 0) return 0;
  if (target == TARGET_NONE) {
    learnValue(p, behind, SEGMENT_SKIP, depth);
    return behind;
  }
  const seen = load<u64>(SCRATCH_SEEN);
  const bit = <u64>1 << target;
  if ((seen & bit) != 0) stopLearning();
  store<u64>(SCRATCH_SEEN, seen | bit);
  store<u32>(VALUE_SLOTS + (<usize>target << 2), <u32>p);
  learnValue(p, behind, <u32>target, depth);
  return behind;
}

/** The value of a field that should be an object with columns in it. */
function scanNode(p: usize, end: usize, keys: usize, node: u32, depth: i32): usize {
  const columns = nodeColumns(keys, node);
  const seen = load<u64>(SCRATCH_SEEN);
  const misshapen = load<u64>(SCRATCH_MISSHAPEN);
  if (((seen | misshapen) & columns) != 0) stopLearning();
  store<u64>(SCRATCH_SEEN, seen & ~columns);
  store<u64>(SCRATCH_MISSHAPEN, misshapen & ~columns);
  if (load<u8>(p) == 0x7b && p < end) return scanObject(p, end, keys, node, depth + 1);
  const isNull = isNullAt(p);
  const behind = skipValue(p, end, depth);
  if (behind != 0 && !isNull) store<u64>(SCRATCH_MISSHAPEN, load<u64>(SCRATCH_MISSHAPEN) | columns);
  return behind;
}
