/** HS-7: records of what is under way, such as locks, are as many as what is under way, and not as many as there ever was (`count-rows`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms } from "./judge.ts";
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

/**
 * What a dead holder left is not there for ever: of records that nobody holds any more, which are all that is counted (`count-rows` with their condition), those that a look found are gone `withinMs` later. Then there are no
 * more than operations `f` whose end nobody knows since. For things of which nobody comes back to the same.
 */
export function deadRecordsRemoved({
  what,
  f,
  withinMs,
}: {
  readonly what: string;
  readonly f: readonly string[];
  readonly withinMs: number;
}): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    const unknown = evidence.operations.filter((operation) => f.includes(operation.f) && operation.outcome === "info");
    const looks = seenBiting(evidence.faults, "count-rows");
    let examined = 0;
    let left = 0;
    for (const { id, requestedAt, bitingAt, numbers } of looks) {
      const dead = looks.find((look) => (look.numbers.rows ?? 0) > 0 && look.bitingAt + withinMs < requestedAt);
      if (dead === undefined) continue;
      examined++;
      left = Math.max(left, dead.numbers.rows ?? 0);
      const since = bitingAt - withinMs - evidence.deltaMs;
      const maybe = unknown.filter(({ answeredAt, invokedAt }) => invokedAt <= bitingAt && answeredAt >= since).length;
      const rows = numbers.rows ?? 0;
      if (rows <= maybe) continue;
      const text = `at ${at(bitingAt)} there were ${rows} ${what} of the dead (${id}), of whom ${maybe} may have died in the last ${ms(withinMs)}, and ${dead.numbers.rows} had been there at ${at(dead.bitingAt)} (${dead.id}).`;
      found.push({ time: requestedAt, text });
    }
    const text = {
      holds: `${left} ${what} that holders had left were gone within ${ms(withinMs)}.`,
      nothing: `No ${what} were seen left by a holder, or nobody looked so long after.`,
    };
    return concludeBound(
      evidence,
      withinMs,
      conclude(`${what} of the dead are removed`, examined, inTime(found), text, { looks: examined, leftByTheDead: left }),
    );
  };
}
