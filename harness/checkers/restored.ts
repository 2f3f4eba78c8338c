/** LG-12: a backup and the archived log restore a database to one moment: all that was acknowledged before it, and nothing from after it. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, ms } from "./judge.ts";

/** Judged by what `restore-a-backup` measured. */
export const restoredToOneMoment: Checker = ({ faults }) => {
  const tries = seenBiting(faults, "restore-a-backup");
  const found: Counterexample[] = [];
  let writes = 0;
  let slowestMs = 0;
  for (const { id, requestedAt, numbers } of tries) {
    const { restored, before = 0, keptBefore = 0, after = 0, keptAfter = 0, rows = 0, rowsMissing = 0, rowsInvented = 0, restoreMs = 0 } = numbers;
    const wrong = (what: string): number => found.push({ time: requestedAt, text: `${id} at ${at(requestedAt)}: ${what}.` });
    writes += before + after + rows;
    slowestMs = Math.max(slowestMs, restoreMs);
    if (restored !== 1) {
      wrong("no server could be restored from the backup and the archive");
      continue;
    }
    if (keptBefore < before) wrong(`${before - keptBefore} of ${before} writes that were acknowledged before the moment are missing`);
    if (keptAfter > 0) wrong(`${keptAfter} of ${after} writes from after the moment are there`);
    if (rowsMissing > 0) wrong(`${rowsMissing} of ${rows} entries of the audit trail from before the moment are missing`);
    if (rowsInvented > 0) wrong(`${rowsInvented} entries of the audit trail are there that the primary does not have`);
  }
  const text = {
    holds: `${tries.length} servers were restored to their moment, the slowest after ${ms(slowestMs)}: all ${writes} writes that were looked at are there or not as they should be.`,
    nothing: "Nothing was restored, or nothing was written before it.",
  };
  return conclude("restored to one moment", tries.length === 0 ? 0 : writes, found, text, { restores: tries.length, writes, slowestMs });
};
