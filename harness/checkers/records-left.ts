/** HS-7: records of what is under way, such as locks, are as many as what is under way, and not as many as there ever was (`count-rows`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { textField } from "./trail.ts";

/** Fewer things than this, and a table that keeps them all would not show. */
const leastKeys = 100;

/**
 * At each look there were no more records than operations `f` under way and operations that nobody knows the end of: a holder that was killed leaves its record for a
 * while. A look counts once a hundred things and more than could be under way had been worked on.
 */
export function noRecordsLeft({ what, f }: { readonly what: string; readonly f: readonly string[] }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let most = 0;
    const operations = evidence.operations.filter((operation) => f.includes(operation.f));
    for (const { id, requestedAt, bitingAt, numbers } of seenBiting(evidence.faults, "count-rows")) {
      const [from, to] = [requestedAt - evidence.deltaMs, bitingAt + evidence.deltaMs];
      const before = operations.filter(({ invokedAt }) => invokedAt <= to);
      const maybe = before.filter(({ answeredAt, outcome }) => answeredAt >= from || outcome === "info").length;
      const keys = new Set(before.filter(({ outcome }) => outcome === "ok").map(({ key, input }) => textField(input, "agent") || key)).size;
      if (keys < leastKeys || keys <= maybe) continue;
      examined++;
      const rows = numbers.rows ?? 0;
      most = Math.max(most, rows);
      if (rows <= maybe) continue;
      const text = `at ${at(bitingAt)} there were ${rows} ${what} (${id}), while ${maybe} operations were or may have been under way; ${keys} agents had been worked on by then.`;
      found.push({ time: bitingAt, text });
    }
    const text = {
      holds: `In ${examined} looks there were ${most} ${what} at most, and never more than operations under way.`,
      nothing: `Nobody looked at ${what} once enough had been worked on.`,
    };
    return conclude(`${what} do not pile up`, examined, inTime(found), text, { looks: examined, mostRecords: most });
  };
}
