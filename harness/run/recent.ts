/** The last seconds of a record as it is written, so that the conductor judges steadiness by the very rule that the checkers apply to the saved record. */
import type { Journal } from "../base/journal.ts";

/** What the conductor looks back on: the steady window and some seconds of slack. */
export const recentMs = 15_000;

export interface Recent<T> extends Journal<T> {
  /** What was written in the last seconds, oldest first. */
  last(): readonly T[];
}

/** Passes everything on to `journal`, which the caller goes on owning. */
export function keepRecent<T extends { readonly time: number }>(journal: Journal<T>): Recent<T> {
  let kept: T[] = [];
  let next = 0;
  return {
    write(record) {
      journal.write(record);
      kept.push(record);
      // Forgetting now and then is enough, and cheaper than at every record.
      if (record.time > next) {
        kept = kept.filter((one) => one.time > record.time - recentMs);
        next = record.time + recentMs / 5;
      }
    },
    last: () => kept,
    assertWritable: journal.assertWritable,
    [Symbol.asyncDispose]: async () => {},
  };
}
