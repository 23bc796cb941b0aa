/**
 * The first or the last row of each key. Of the last one a copy is kept, so that it can be taken back when the next one comes;
 * of the first one only that there was one. As Flink's deduplicate functions do.
 * D stands for generated hooks: `load(bytes)` puts a row into the sent one, `push(kind)` hands it on.
 */
import { ROW_INSERT, ROW_UPDATE_AFTER, ROW_UPDATE_BEFORE } from "../abi";
import { endChange } from "../emit/output";
import { Dictionary, Entry } from "../state/dictionary";
import { give, take } from "../state/heap";
import { copyIn } from "../state/pages";
import { Table } from "../state/table";

/** Pages that a row may take beside its key: two of the table, one of the row. */
export const DEDUPLICATE_PAGES: usize = 3;

/** That a key was seen. A record of state/table.ts. 8 bytes. */
@final @unmanaged
export class SeenKey { rows: u64; }

/** The last row of a key: its time and where its bytes are. A record of state/table.ts. 24 bytes. */
@final @unmanaged
export class LastRow {
  rows: u64;
  time: i64;
  block: u32;
  length: u32;
}

/** Whether this is the first row of the key of `entry`. Requires: room for DEDUPLICATE_PAGES and the key. */
export function isFirstOf(table: Table, keys: Dictionary, entry: usize): bool {
  const seen = table.at<SeenKey>(changetype<Entry>(entry).id);
  if (seen.rows != 0) return false;
  seen.rows = 1;
  keys.retain(entry);
  table.announce<SeenKey>(keys.pageCount);
  return true;
}

/**
 * A row of `time` comes; an earlier one than the last is passed over, and so is one with the same bytes where `isSameSkipped`.
 * Requires: room for DEDUPLICATE_PAGES, the key and the row; the row's bytes are not in the state.
 */
export function replaceLast<D>(table: Table, keys: Dictionary, entry: usize, time: i64, isSameSkipped: bool, bytes: usize, length: u32): void {
  const hooks = changetype<D>(0);
  const last = table.at<LastRow>(changetype<Entry>(entry).id);
  if (last.rows == 0) {
    keys.retain(entry);
    table.announce<LastRow>(keys.pageCount);
    keepLast(last, time, bytes, length);
    // @ts-ignore: D stands for a generated class, which has these
    hooks.load(bytes);
    // @ts-ignore: as above
    hooks.push(ROW_INSERT);
    return;
  }
  if (time < last.time) return;
  if (isSameSkipped && length == last.length && memory.compare(bytes, last.block, length) == 0) return;
  // @ts-ignore: as above
  hooks.load(last.block);
  // @ts-ignore: as above
  hooks.push(ROW_UPDATE_BEFORE);
  give(last.block, last.length);
  keepLast(last, time, bytes, length);
  // @ts-ignore: as above
  hooks.load(bytes);
  // @ts-ignore: as above
  hooks.push(ROW_UPDATE_AFTER);
  endChange();
}

function keepLast(last: LastRow, time: i64, bytes: usize, length: u32): void {
  const block = take(length);
  copyIn(block, bytes, length);
  last.rows = 1;
  last.time = time;
  last.block = <u32>block;
  last.length = length;
}
