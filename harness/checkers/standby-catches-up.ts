/** HA-19: a standby that was away for longer than the primary keeps its log catches up from the archive, and holds everything. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, ms } from "./judge.ts";

/** It was refused what it needs, and stood still for so long, that it will not get there by itself. */
const stuck = { refused: 3, stillMs: 15_000 };

/** Judged by what `leave-a-standby-behind` measured. A try says nothing when nothing was written meanwhile, or when the standby was merely slow. */
export const standbyCatchesUp: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let tries = 0;
  let looked = 0;
  let restoredSegments = 0;
  let slowestMs = 0;
  for (const { id, requestedAt, numbers } of seenBiting(faults, "leave-a-standby-behind")) {
    const {
      wroteMeanwhile = 0,
      caughtUp = 0,
      catchUpMs = 0,
      restored = 0,
      refused = 0,
      stillMs = 0,
      rows = 0,
      rowsMissing = 0,
      rowsInvented = 0,
    } = numbers;
    const wrong = (what: string): number => found.push({ time: requestedAt, text: `${id} at ${at(requestedAt)}: ${what}.` });
    if (wroteMeanwhile === 0) continue;
    if (caughtUp === 0) {
      if (refused < stuck.refused || stillMs < stuck.stillMs) continue;
      wrong(
        `the standby restored ${restored} segments, was refused ${refused} times what the primary no longer has, and has not moved for ${ms(stillMs)}`,
      );
    } else if (restored === 0 && rowsMissing + rowsInvented === 0) continue;
    if (rowsMissing > 0) wrong(`the standby lacks ${rowsMissing} of ${rows} rows that the primary had when it came back`);
    if (rowsInvented > 0) wrong(`the standby has ${rowsInvented} rows that the primary does not have`);
    tries++;
    looked += rows;
    restoredSegments += restored;
    slowestMs = Math.max(slowestMs, catchUpMs);
  }
  const text = {
    holds: `${tries} times a standby came back to a primary that had removed the log it needed: it restored ${restoredSegments} segments, was there after ${ms(slowestMs)} at most, and has all ${looked} rows.`,
    nothing: "No standby came back to a primary that had removed what it needed, or none was seen to the end of it.",
  };
  return conclude("standby catches up from the archive", looked, found, text, { tries, rows: looked, restoredSegments, slowestMs });
};
