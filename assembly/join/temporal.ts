/**
 * Join of rows with the version of a table that was valid at their time. Versions of a key are kept in order of time; a row of
 * the left side waits until the watermark has passed its time, since an older version may still come, and then meets the
 * newest version that is not newer than itself. Versions that no row can ask for any more are forgotten. As Flink's
 * TemporalRowTimeJoinOperator does.
 * J stands for generated hooks as in regular.ts.
 */
import { ROW_DELETE, ROW_INSERT, ROW_UPDATE_BEFORE } from "../abi";
import { Dictionary, Entry } from "../state/dictionary";
import { Linked, List } from "../state/list";
import { write } from "../state/pages";
import { Table } from "../state/table";
import { WaitingRows } from "../state/waiting";
import { dropRow, JoinKey, JoinRow, keepRow, RIGHT } from "./side";

/** A version has come. What it replaces (-U) says nothing new; a deletion is a version without a row. Requires: room as for a join. */
export function addVersion(keys: Dictionary, table: Table, entry: usize, kind: u32, time: i64, address: usize, length: u32): void {
  if (kind == ROW_UPDATE_BEFORE) return;
  const row = keepRow(keys, entry, RIGHT, kind, address, length);
  row.expiry = time;
  const pair = table.at<JoinKey>(changetype<Entry>(entry).id);
  const versions = pair.list(RIGHT);
  let before = <usize>versions.last;
  while (before != 0 && changetype<JoinRow>(before).expiry > time) before = <usize>changetype<JoinRow>(before).previous;
  insertBehind(versions, before, changetype<usize>(row));
  pair.rows += 1;
  table.announce<JoinKey>(keys.pageCount);
}

/** The left row that waits first meets its version. Requires: it is due. */
export function meetVersion<J>(keys: Dictionary, table: Table, waiting: WaitingRows, isLeftOuter: bool): void {
  const row = waiting.first();
  const hooks = changetype<J>(0);
  const pair = table.at<JoinKey>(changetype<Entry>(row.entry).id);
  const version = validAt(pair, row.time);
  let isMatch = version != 0 && changetype<JoinRow>(version).kind != ROW_DELETE;
  if (isMatch) {
    // @ts-ignore: J stands for a generated class, which has these
    hooks.load(row.bytes(), changetype<JoinRow>(version).bytes());
    // @ts-ignore: as above
    isMatch = hooks.isMatch();
  }
  if (!isMatch && isLeftOuter) {
    // @ts-ignore: as above
    hooks.load(row.bytes(), 0);
  }
  if (isMatch || isLeftOuter) {
    // @ts-ignore: as above
    hooks.push(ROW_INSERT);
  }
  forgetBefore(keys, pair, version);
  keys.release(row.entry);
  waiting.leave();
}

/** The newest version of a key at `time`, 0 when there was none. */
function validAt(pair: JoinKey, time: i64): usize {
  let at = <usize>pair.list(RIGHT).last;
  while (at != 0 && changetype<JoinRow>(at).expiry > time) at = <usize>changetype<JoinRow>(at).previous;
  return at;
}

/** Rows come in order of time, so that nobody asks again for what was replaced before `version`. */
function forgetBefore(keys: Dictionary, pair: JoinKey, version: usize): void {
  if (version == 0) return;
  const versions = pair.list(RIGHT);
  while (<usize>versions.first != version) {
    const oldest = changetype<JoinRow>(versions.first);
    versions.remove(changetype<usize>(oldest));
    pair.rows -= 1;
    dropRow(keys, oldest);
  }
}

function insertBehind(versions: List, before: usize, record: usize): void {
  if (before == <usize>versions.last) return versions.append(record);
  const list = write<List>(changetype<usize>(versions));
  const links = write<Linked>(record);
  const next = before == 0 ? list.first : changetype<Linked>(before).next;
  links.previous = <u32>before;
  links.next = next;
  write<Linked>(next).previous = <u32>record;
  if (before == 0) list.first = <u32>record;
  else write<Linked>(before).next = <u32>record;
}
