/** Records of the heap in order, first to last. Each begins with the addresses of its neighbours. */
import { write } from "./pages";

/** What every record of a list begins with. 8 bytes. */
@final @unmanaged
export class Linked {
  next: u32;
  previous: u32;
}

/** First and last record, 0 for none. 8 bytes. */
@final @unmanaged
export class List {
  first: u32;
  last: u32;

  @inline isEmpty(): bool { return this.first == 0; }

  /** Adds a record at the end. */
  append(record: usize): void {
    const list = write<List>(changetype<usize>(this));
    const links = write<Linked>(record);
    links.previous = list.last;
    links.next = 0;
    if (list.last == 0) list.first = <u32>record;
    else write<Linked>(list.last).next = <u32>record;
    list.last = <u32>record;
  }

  /** Takes a record out; it stays where it is in memory. */
  remove(record: usize): void {
    const list = write<List>(changetype<usize>(this));
    const links = changetype<Linked>(record);
    if (links.previous == 0) list.first = links.next;
    else write<Linked>(links.previous).next = links.next;
    if (links.next == 0) list.last = links.previous;
    else write<Linked>(links.next).previous = links.previous;
  }
}
