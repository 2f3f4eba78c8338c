/**
 * AB-4: a session lives for as long as its last write asked for, however often it was written before. Operations by the names given: the write (key: the session; input `{ttlS}`: how long it is
 * to live from then on, in s; output `{version}`) and the read (key: the session; output `{version}`, 0 or absent where there is none).
 */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, ms, toleranceMs } from "./judge.ts";
import { numberField } from "./trail.ts";
import { versionOf } from "./versions.ts";

/** How long it lives after a write (ms); NaN where that does not say. */
const lifeMs = ({ input }: Operation): number => 1000 * numberField(input, "ttlS");

/**
 * A read that was answered before the life was over that an acknowledged write had given, counted from before that write was sent, found the session. However slow the answers were, it
 * has been there then: another write that came after it can only have given it more, or it counts with the shortest life of all. Some have to have been read when the first write's
 * life was over.
 */
export function keptAlive({ write, read }: { readonly write: string; readonly read: string }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let [renewed, judged] = [0, 0];
    const bySession = Map.groupBy(
      evidence.operations.filter(({ f }) => f === write || f === read),
      ({ key }) => key,
    );
    for (const [session, all] of bySession) {
      const writes = all.filter(({ f, outcome }) => f === write && outcome !== "fail");
      const acknowledged = writes.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.completedAt - b.completedAt);
      const shortestMs = Math.min(...writes.map(lifeMs));
      const [first] = acknowledged;
      if (first === undefined || !(shortestMs > 0)) continue;
      const tolerance = toleranceMs(evidence, shortestMs);
      for (const one of all) {
        if (one.f !== read || one.outcome !== "ok") continue;
        const last = acknowledged.findLast(({ completedAt }) => completedAt < one.invokedAt);
        if (last === undefined || one.answeredAt + tolerance >= last.invokedAt + shortestMs) continue;
        judged++;
        if (one.invokedAt > first.completedAt + lifeMs(first) + tolerance) renewed++;
        if (versionOf(one) > 0) continue;
        const text = `session ${session} was gone at ${at(one.answeredAt)}, ${ms(one.answeredAt - last.invokedAt)} after a write was sent that was acknowledged and gave it ${ms(shortestMs)} (operations ${last.index}, ${one.index}).`;
        found.push({ time: one.answeredAt, text });
      }
    }
    const text = {
      holds: `All ${judged} reads within the life that a write had given found their session, ${renewed} of them when the first write's was over.`,
      nothing: "No session was read, within the life that a later write had given, when the first write's was over.",
    };
    return conclude("a session in use lives on", renewed, inTime(found), text, { readsInLife: judged, readsRenewed: renewed });
  };
}
