/**
 * Groups of an aggregation without windows: one record P a key, changed by each row, and the change sent on: +I for a new group,
 * -U and +U where the result differs, -D when the last row of a group is taken back. As Flink's GroupAggFunction does.
 * P is a generated pane (u64 rows first; init, add, retract, free), G its generated hooks:
 * `read(pane, entry)` puts the result into its row, `keep()` copies that row aside with its texts, `isSame()` compares both,
 * `swap()` exchanges them, `push(kind)` hands the row on.
 */
import { ROW_DELETE, ROW_INSERT, ROW_UPDATE_AFTER, ROW_UPDATE_BEFORE } from "../abi";
import { endChange } from "../emit/output";
import { Dictionary, Entry } from "../state/dictionary";
import { Table } from "../state/table";

/** Pages that a row may take beside its key: two for the table of groups. */
export const GROUP_PAGES: usize = 2;

/** A row comes into the group of `entry`. Requires: room for GROUP_PAGES and what P may take. */
export function addToGroup<G, P>(groups: Table, keys: Dictionary, entry: usize): void {
  const pane = groups.at<P>(changetype<Entry>(entry).id);
  const hooks = changetype<G>(0);
  if (load<u64>(changetype<usize>(pane)) == 0) {
    // @ts-ignore: P and G stand for generated classes, which have these
    pane.init();
    keys.retain(entry);
    groups.announce<P>(keys.pageCount);
    // @ts-ignore: as above
    pane.add();
    // @ts-ignore: as above
    hooks.read(pane, entry);
    // @ts-ignore: as above
    hooks.push(ROW_INSERT);
    return;
  }
  // @ts-ignore: as above
  hooks.read(pane, entry);
  // @ts-ignore: as above
  hooks.keep();
  // @ts-ignore: as above
  pane.add();
  // @ts-ignore: as above
  hooks.read(pane, entry);
  sendChange<G>();
}

/** A row that came before is taken back from the group of `entry`. */
export function takeFromGroup<G, P>(groups: Table, keys: Dictionary, entry: usize): void {
  const pane = groups.at<P>(changetype<Entry>(entry).id);
  const hooks = changetype<G>(0);
  if (load<u64>(changetype<usize>(pane)) == 0) {
    keys.retain(entry); // the row was never seen: the group is not kept
    keys.release(entry);
    return;
  }
  // @ts-ignore: P and G stand for generated classes, which have these
  hooks.read(pane, entry);
  // @ts-ignore: as above
  hooks.keep();
  // @ts-ignore: as above
  pane.retract();
  if (load<u64>(changetype<usize>(pane)) != 0) {
    // @ts-ignore: as above
    hooks.read(pane, entry);
    sendChange<G>();
    return;
  }
  // @ts-ignore: as above
  hooks.swap();
  // @ts-ignore: as above
  hooks.push(ROW_DELETE);
  // @ts-ignore: as above
  pane.free();
  keys.release(entry);
}

/** The former result is taken back and the new one sent, where they differ. */
function sendChange<G>(): void {
  const hooks = changetype<G>(0);
  // @ts-ignore: G stands for a generated class, which has these
  if (hooks.isSame()) return;
  // @ts-ignore: as above
  hooks.swap();
  // @ts-ignore: as above
  hooks.push(ROW_UPDATE_BEFORE);
  // @ts-ignore: as above
  hooks.swap();
  // @ts-ignore: as above
  hooks.push(ROW_UPDATE_AFTER);
  endChange();
}
