// The job "test", compiled from its plan. Do not edit.
import {
  BATCH_DATA, BATCH_END, REJECT_EXPRESSION, REJECT_OUTPUT, REJECT_OVERSIZE, REJECT_TRAP, ROW_INSERT, ROW_TRUNCATED,
  STATUS_DONE,
} from "millrace/assembly/abi";
import { payloadText, reasonText } from "millrace/assembly/emit/dead-letter";
import { writeNull } from "millrace/assembly/emit/number";
import { RECORD_BYTES_MAX, beginRecord, endRecord, isOutputFull, startOutput } from "millrace/assembly/emit/output";
import { writeBytes, writeText } from "millrace/assembly/emit/text";
import { errorExpression, errorReason } from "millrace/assembly/error";
import { batchKind, batchSource } from "millrace/assembly/ingest/batch";
import { readInt, readLong } from "millrace/assembly/ingest/integer";
import {
  clearSeen, isFirstSight, keyEnd, leavePayload, memberValue, scanPayload, seenColumns, valueSlot,
} from "millrace/assembly/ingest/json";
import { findKey } from "millrace/assembly/ingest/keys";
import { refuse, rejectColumn, rejectReason } from "millrace/assembly/ingest/reject";
import {
  SEGMENT_SKIP, SEGMENT_TAIL, finishLearning, firstSegment, firstShape, learnValue, matchSegment, nextSegment,
  nextShape, segmentDepth, segmentTarget, shapeAbsent, shapeHit, shapesGoFirst, startLearning, templateHit,
} from "millrace/assembly/ingest/shape";
import { DEPTH_MAX, skipSpace, skipValue } from "millrace/assembly/ingest/skip";
import { nullAt, readDouble, readText } from "millrace/assembly/ingest/value";
import {
  countRejected, finishBatch, flagsOf, hasFailed, hasPassed, initState, isMark, isSkipped, openBatch, pause, pausedRow,
  pausedStage, payloadEndOf, payloadOf, rejectRow, rejection, setPassed, startRow, stopFull,
} from "millrace/assembly/operator";
import { upper } from "millrace/assembly/scalar/letters";
import { SCRATCH_ROW } from "millrace/assembly/scratch";
import { reset } from "millrace/assembly/text/arena";
import { textLength, textOf } from "millrace/assembly/text/text";

/** One row of readings. */
@final @unmanaged
class Readings {
  nulls: u32;
  nullsRest: u32;
  device: u64;
  ts: i64;
  temperature: f64;
  status: u64;
  humidity: i32;
}

/** A dead letter of readings. */
@final @unmanaged
class ReadingsLetter {
  nulls: u32;
  nullsRest: u32;
  payload: u64;
  reason: u64;
  detail: u64;
}

/** What alerts gets. */
@final @unmanaged
class AlertsOut {
  nulls: u32;
  nullsRest: u32;
  device: u64;
  status: u64;
}

const readings = changetype<Readings>(0x5100);
const readingsLetter = changetype<ReadingsLetter>(0x5130);
const alertsOut = changetype<AlertsOut>(0x5150);

// Field names: device, ts, temperature, humidity, status
const readReadingsKeys: usize = memory.data<u64>([
  0x100000000f, 0x1f, 0, 0, 0, 0,
  0x74617265706d6574, 0x6572757461726570, 0xb, 0x22000000003, 0, 0,
  0, 0, 0, 0, 0, 0,
  0x737574617473, 0x737574617473, 0x6, 0x23800000005, 0, 0,
  0, 0, 0x7374, 0x7374, 0x2, 0x21800000002,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0x79746964696d7568, 0x79746964696d7568,
  0x8, 0x23000000004, 0x656369766564, 0x656369766564, 0x6, 0x21000000001,
  0x656369766564, 0x7374, 0x74617265706d6574, 0x657275, 0x79746964696d7568, 0x737574617473,
], 8);

/** The value at `p` into its column. */
function readReadingsValue(column: u32, p: usize, end: usize, row: usize): usize {
  let q: usize = 0;
  switch (column) {
    case 0: { q = readText(p, end, row + 8); break; }
    case 1: { q = readLong(p, end, row + 16); break; }
    case 2: { q = readDouble(p, end, row + 24); break; }
    case 3: { q = readInt(p, end, row + 40); break; }
    case 4: { q = readText(p, end, row + 32); break; }
  }
  return q != 0 ? q : nullAt(p, row, column);
}

function readReadingsTemplate0(from: usize, end: usize, row: usize): usize {
  let p = from;
  let q: usize = 0;
  if (!(load<u64>(p) == 0x656369766564227b && load<u16>(p, 8) == 0x3a22)) return 0; // {"device":
  p += 10;
  q = readText(p, end, row + 8);
  if (q == 0) { q = nullAt(p, row, 0); if (q == 0) return 0; }
  p = q;
  if (!(load<u32>(p) == 0x7374222c && load<u16>(p, 4) == 0x3a22)) return 0; // ,"ts":
  p += 6;
  q = readLong(p, end, row + 16);
  if (q == 0) { q = nullAt(p, row, 1); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x7265706d6574222c && load<u64>(p, 7) == 0x3a22657275746172)) return 0; // ,"temperature":
  p += 15;
  q = readDouble(p, end, row + 24);
  if (q == 0) { q = nullAt(p, row, 2); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x6964696d7568222c && load<u32>(p, 8) == 0x3a227974)) return 0; // ,"humidity":
  p += 12;
  q = readInt(p, end, row + 40);
  if (q == 0) { q = nullAt(p, row, 3); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x737574617473222c && load<u16>(p, 8) == 0x3a22)) return 0; // ,"status":
  p += 10;
  q = readText(p, end, row + 32);
  if (q == 0) { q = nullAt(p, row, 4); if (q == 0) return 0; }
  p = q;
  return p;
}

/** The payload with its fields in declared order and no white space. @returns whether it is so */
function readReadingsTemplate(payload: usize, end: usize, row: usize): bool {
  let p = payload;
  p = readReadingsTemplate0(p, end, row);
  if (p == 0) return false;
  return load<u8>(p) == 0x7d && p + 1 == end; // }
}

/** The payload against one learned shape. @returns whether it fits */
function readReadingsShape(shape: usize, payload: usize, end: usize, row: usize): bool {
  store<u64>(row, shapeAbsent(shape));
  let p = payload;
  let segment = firstSegment(shape);
  while (true) {
    p = matchSegment(segment, p);
    if (p == 0) return false;
    const target = segmentTarget(segment);
    if (target == SEGMENT_TAIL) return p == end;
    p = target == SEGMENT_SKIP ? skipValue(p, end, segmentDepth(segment)) : readReadingsValue(target, p, end, row);
    if (p == 0) return false;
    segment = nextSegment(segment);
  }
}

/** The payload against all learned shapes, the latest first. @returns whether one fits */
function readReadingsShapes(payload: usize, end: usize, row: usize): bool {
  for (let shape = firstShape(6912); shape != 0; shape = nextShape(6912, 13824, shape)) {
    if (!(readReadingsShape(shape, payload, end, row))) continue;
    shapeHit(6912, shape);
    return true;
  }
  return false;
}

/** An object of the payload, keys in any order, in one pass. @returns address behind it, or 0: the long way must decide */
function readReadingsObject(p: usize, end: usize, row: usize, node: u32, depth: i32): usize {
  if (depth > DEPTH_MAX) return 0;
  let q = skipSpace(p + 1, end);
  if (load<u8>(q) == 0x7d) return q + 1;
  while (q < end && load<u8>(q) == 0x22) {
    const key = q + 1;
    const close = keyEnd(key, end);
    if (close == 0) return 0;
    const target = findKey(readReadingsKeys, node, key, <u32>(close - key));
    q = memberValue(close, end);
    if (q == 0) return 0;
    let behind: usize = 0;
    if (target < 0) {
      behind = skipValue(q, end, depth);
      learnValue(q, behind, SEGMENT_SKIP, depth);
    } else {
      if (!isFirstSight(target)) return 0;
      behind = readReadingsValue(<u32>target, q, end, row);
      learnValue(q, behind, <u32>target, depth);
    }
    if (behind == 0) return 0;
    q = skipSpace(behind, end);
    const byte = <u32>load<u8>(q);
    if (byte == 0x7d) return q + 1;
    if (byte != 0x2c) return 0;
    q = skipSpace(q + 1, end);
  }
  return 0;
}

/** The payload in any order of keys, in one pass; learns its shape. @returns whether it is beyond doubt */
function readReadingsAnyOrder(payload: usize, end: usize, row: usize): bool {
  startLearning(6912, 13824, payload);
  clearSeen();
  store<u64>(row, 0);
  const p = skipSpace(payload, end);
  if (load<u8>(p) != 0x7b) return false;
  const behind = readReadingsObject(p, end, row, 0, 1);
  if (behind == 0 || skipSpace(behind, end) != end) return false;
  const absent: u64 = 0x1f & ~seenColumns();
  store<u64>(row, load<u64>(row) | absent);
  finishLearning(6912, 13824, end, absent);
  return true;
}

/** The payload checked as a whole, then its columns. @returns 0, or why it is refused */
function readReadingsLongWay(payload: usize, end: usize, row: usize): i32 {
  const reason = scanPayload(payload, end, readReadingsKeys);
  if (reason != 0) return reason;
  store<u64>(row, 0x1f & ~seenColumns());
  for (let left = seenColumns(); left != 0; left &= left - 1) {
    const column = <u32>ctz(left);
    if (readReadingsValue(column, valueSlot(column), end, row) != 0) continue;
    leavePayload();
    return refuse(rejectReason(), <i32>column);
  }
  leavePayload();
  return 0;
}

/** One payload into `row`. @returns 0, or why it is refused; rejectColumn() tells the column */
function readReadings(payload: usize, end: usize, row: Readings): i32 {
  const at = changetype<usize>(row);
  const isShapeFirst = shapesGoFirst(6912);
  if (isShapeFirst && readReadingsShapes(payload, end, at)) return 0;
  store<u64>(at, 0);
  if (readReadingsTemplate(payload, end, at)) {
    templateHit(6912);
    return 0;
  }
  if (!isShapeFirst && readReadingsShapes(payload, end, at)) return 0;
  if (readReadingsAnyOrder(payload, end, at)) return 0;
  return readReadingsLongWay(payload, end, at);
}

/** One ReadingsLetter as a JSON object. */
function writeReadingsLetter(row: ReadingsLetter, out: usize): usize {
  let p = out;
  // {"payload":
  store<u64>(p, 0x616f6c796170227b);
  store<u16>(p, 0x2264, 8);
  store<u8>(p, 0x3a, 10);
  p += 11;
  p = (row.nulls & (<u32>1 << 0)) != 0 ? writeNull(p) : writeBytes(p, row.payload);
  // ,"reason":
  store<u64>(p, 0x6e6f73616572222c);
  store<u16>(p, 0x3a22, 8);
  p += 10;
  p = (row.nulls & (<u32>1 << 1)) != 0 ? writeNull(p) : writeText(p, row.reason);
  // ,"detail":
  store<u64>(p, 0x6c6961746564222c);
  store<u16>(p, 0x3a22, 8);
  p += 10;
  p = (row.nulls & (<u32>1 << 2)) != 0 ? writeNull(p) : writeText(p, row.detail);
  // }
  store<u8>(p, 0x7d);
  p += 1;
  return p;
}

/** Room that writeReadingsLetter may take. */
function writeReadingsLetterBound(row: ReadingsLetter): u32 {
  return 63
    + ((row.nulls & (<u32>1 << 0)) != 0 ? 0 : textLength(row.payload) * 6)
    + ((row.nulls & (<u32>1 << 1)) != 0 ? 0 : textLength(row.reason) * 6)
    + ((row.nulls & (<u32>1 << 2)) != 0 ? 0 : textLength(row.detail) * 6);
}

/** One record for letters. */
function sendReadingsLetter(): void {
  const out = beginRecord(min<u32>(writeReadingsLetterBound(readingsLetter), RECORD_BYTES_MAX));
  endRecord(1, ROW_INSERT, 0, writeReadingsLetter(readingsLetter, out));
}

/** A refused row to the dead letters. */
function buryReadings(row: u32): void {
  const reason = rejection();
  reset();
  readingsLetter.nulls = 0;
  readingsLetter.payload = payloadText(payloadOf(row), payloadEndOf(row));
  readingsLetter.reason = reasonText(reason);
  readingsLetter.detail = detailReadings(reason);
  sendReadingsLetter();
  countRejected(reason);
}

/** A result that cannot be computed to the dead letters. */
function buryReadingsResult(reason: i32): void {
  const row = load<u32>(SCRATCH_ROW);
  readingsLetter.nulls = 0;
  readingsLetter.nulls |= 1;
  readingsLetter.reason = reasonText(reason);
  readingsLetter.detail = detailReadings(reason);
  sendReadingsLetter();
  countRejected(reason);
}

/** device, status of alertsOut. */
function fillAlertsOut(): void {
  if ((readings.nulls & 1) != 0) alertsOut.nulls |= 1;
  else alertsOut.device = readings.device;
  const upperOfStatus1: u64 = (readings.nulls & 16) == 0 ? upper(readings.status, 0) : 0;
  if ((readings.nulls & 16) != 0) alertsOut.nulls |= 2;
  else alertsOut.status = upperOfStatus1;
}

/** One AlertsOut as a JSON object. */
function writeAlerts(row: AlertsOut, out: usize): usize {
  let p = out;
  // {"device":
  store<u64>(p, 0x656369766564227b);
  store<u16>(p, 0x3a22, 8);
  p += 10;
  p = (row.nulls & (<u32>1 << 0)) != 0 ? writeNull(p) : writeText(p, row.device);
  // ,"status":
  store<u64>(p, 0x737574617473222c);
  store<u16>(p, 0x3a22, 8);
  p += 10;
  p = (row.nulls & (<u32>1 << 1)) != 0 ? writeNull(p) : writeText(p, row.status);
  // }
  store<u8>(p, 0x7d);
  p += 1;
  return p;
}

/** Room that writeAlerts may take. */
function writeAlertsBound(row: AlertsOut): u32 {
  return 46
    + ((row.nulls & (<u32>1 << 0)) != 0 ? 0 : textLength(row.device) * 6)
    + ((row.nulls & (<u32>1 << 1)) != 0 ? 0 : textLength(row.status) * 6);
}

/** One AlertsOut as a JSON object. */
function writeAlertsKey(row: AlertsOut, out: usize): usize {
  let p = out;
  // {"device":
  store<u64>(p, 0x656369766564227b);
  store<u16>(p, 0x3a22, 8);
  p += 10;
  p = (row.nulls & (<u32>1 << 0)) != 0 ? writeNull(p) : writeText(p, row.device);
  // }
  store<u8>(p, 0x7d);
  p += 1;
  return p;
}

/** Room that writeAlertsKey may take. */
function writeAlertsKeyBound(row: AlertsOut): u32 {
  return 32
    + ((row.nulls & (<u32>1 << 0)) != 0 ? 0 : textLength(row.device) * 6);
}

/** One record for alerts. */
function sendAlerts(): void {
  const keyEnd = writeAlertsKey(alertsOut, beginRecord(writeAlertsBound(alertsOut) + writeAlertsKeyBound(alertsOut)));
  endRecord(0, ROW_INSERT, keyEnd, writeAlerts(alertsOut, keyEnd));
}

/** Whether sink alerts takes the row, and what it needs of it. */
function takeAlerts(): bool {
  if (!(((readings.nulls & 4) == 0) && (readings.temperature > 90.0))) return false;
  alertsOut.nulls = 0;
  fillAlertsOut();
  return true;
}

/** Judges a row of readings. @returns 0 refused, 1 admitted, 2 the state has no room for it */
function admitReadings(row: u32): u32 {
  startRow(row);
  if (isSkipped(row)) return rejectRow(REJECT_TRAP);
  if ((flagsOf(row) & ROW_TRUNCATED) != 0) return rejectRow(REJECT_OVERSIZE);
  const reason = readReadings(payloadOf(row), payloadEndOf(row), readings);
  if (reason != 0) return rejectRow(reason);
  if (takeAlerts()) setPassed(0);
  if (hasFailed()) return rejectRow(errorReason());
  if (hasPassed(0) && writeAlertsBound(alertsOut) + writeAlertsKeyBound(alertsOut) > RECORD_BYTES_MAX) return rejectRow(REJECT_OUTPUT);
  return 1;
}

/** Rows of readings from row `from`, stage `at` on. */
function rowsOfReadings(from: u32, at: u32): i32 {
  const count = openBatch();
  for (let row = from, stage = at; row < count; row++, stage = 0) {
    if (stage == 0) {
      if (isMark(row)) continue;
      if (isOutputFull()) return pause(row, 0);
      const verdict = admitReadings(row);
      if (verdict != 1) {
        if (verdict == 2) return stopFull(row);
        buryReadings(row);
        continue;
      }
      if (hasPassed(0)) sendAlerts();
    }
  }
  return finishBatch(count);
}

/** The end of readings. */
function endOfReadings(): i32 {
  return finishBatch(0);
}

/** What was wrong with the row at hand. */
function detailReadings(reason: i32): u64 {
  if (errorReason() != 0) return placeText(errorExpression());
  if (reason == REJECT_EXPRESSION) return textOf(0, 0);
  switch (rejectColumn()) {
    case 0: return textOf(memory.data<u8>([99, 111, 108, 117, 109, 110, 32, 100, 101, 118, 105, 99, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 13);
    case 1: return textOf(memory.data<u8>([99, 111, 108, 117, 109, 110, 32, 116, 115, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 9);
    case 2: return textOf(memory.data<u8>([99, 111, 108, 117, 109, 110, 32, 116, 101, 109, 112, 101, 114, 97, 116, 117, 114, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 18);
    case 3: return textOf(memory.data<u8>([99, 111, 108, 117, 109, 110, 32, 104, 117, 109, 105, 100, 105, 116, 121, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 15);
    case 4: return textOf(memory.data<u8>([99, 111, 108, 117, 109, 110, 32, 115, 116, 97, 116, 117, 115, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 13);
  }
  return textOf(0, 0);
}

/** Where an expression failed, in words. */
function placeText(place: i32): u64 {
  switch (place) {
    case 0: return textOf(memory.data<u8>([99, 111, 108, 117, 109, 110, 32, 115, 116, 97, 116, 117, 115, 32, 111, 102, 32, 115, 105, 110, 107, 32, 97, 108, 101, 114, 116, 115, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 28);
  }
  return textOf(0, 0);
}

/** Lays out an empty state. */
export function init(): void {
  initState(0xc02000);
}

/** Steps the log record in INPUT. @returns STATUS_* */
export function step(length: i32): i32 { return run(0, 0); }

/** Goes on after MORE. @returns STATUS_* */
export function drain(): i32 { return run(pausedRow(), pausedStage()); }

function run(row: u32, stage: u32): i32 {
  startOutput();
  const kind = batchKind();
  if (kind != BATCH_DATA && kind != BATCH_END) return STATUS_DONE;
  switch (batchSource()) {
    case 0: return kind == BATCH_DATA ? rowsOfReadings(row, stage) : endOfReadings();
  }
  return STATUS_DONE;
}
