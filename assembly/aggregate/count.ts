/** COUNT: rows, or values that are not NULL. Each aggregate of this folder is a record in a pane, added to in place. */

/** State: i64 count (8 bytes). */
@final @unmanaged
export class Count {
  count: i64;

  @inline init(): void { this.count = 0; }

  @inline add(): void { this.count += 1; }

  @inline retract(): void { this.count -= 1; }

  merge(other: Count): void { this.count += other.count; }

  @inline result(): i64 { return this.count; }
}
