/** Rows that came after the watermark had passed them. */
import { COUNTERS, COUNTER_LATE } from "../abi";
import { put } from "../state/pages";

/** Counts a late row. */
export function countLate(): void {
  const late: usize = COUNTERS + (COUNTER_LATE << 3);
  put<u64>(late, load<u64>(late) + 1);
}
