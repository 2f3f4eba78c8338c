/** HA-5: connections are replaced when their time is over, by Postgres's own account. */
import { type Check, type Checker, type Counterexample, conclude, gravest } from "../core/verdict.ts";
import { injectionsOf, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** A connection in use is replaced when its statement is over, and the sessions are looked at twice a second (ms). */
const slackMs = 1500;

/**
 * From when a role's connections have been given a time to live (`reconfigure`; its number `value`, in ms), and until they are given another one, no session of its instances is
 * older, but for a statement's time.
 */
export const connectionsRecycled: Checker = (evidence) => {
  const parts: { readonly boundMs: number; readonly found: readonly Counterexample[] }[] = [];
  let examined = 0;
  let oldest = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (const { on, bitingAt, numbers } of seenBiting(evidence.faults, "reconfigure")) {
    const lifeMs = numbers.value ?? Number.POSITIVE_INFINITY;
    const next = injectionsOf(evidence.faults).find((one) => one.fault === "reconfigure" && one.on === on && one.requestedAt > bitingAt);
    const until = next?.requestedAt ?? Number.POSITIVE_INFINITY;
    const boundMs = lifeMs + slackMs;
    const found: Counterexample[] = [];
    shortest = Math.min(shortest, lifeMs);
    for (const { source, time, values } of evidence.samples) {
      const age = values.oldestSessionMs;
      // Before that a session that is never replaced is no older than one that is.
      if (!source.startsWith(`postgres ${on}-`) || age === undefined || time < bitingAt + boundMs || time >= until) continue;
      examined++;
      oldest = Math.max(oldest, age);
      if (age <= boundMs + toleranceMs(evidence, boundMs)) continue;
      const text = `${source.slice("postgres ".length)} had a session of ${ms(age)} at ${at(time)}, and a connection is to live for ${ms(lifeMs)}.`;
      found.push({ time, text });
    }
    parts.push({ boundMs, found });
  }
  const text = {
    holds: `In ${examined} samples no session was older than ${ms(oldest)}; connections were to live for ${ms(shortest)}.`,
    nothing: "No session was looked at after connections had been given a time to live.",
  };
  const told = (of: readonly Counterexample[]): Check =>
    conclude("connections are replaced in time", examined, inTime(of), text, { samples: examined, oldestSessionMs: oldest });
  return gravest([told([]), ...parts.map(({ boundMs, found }) => concludeBound(evidence, boundMs, told(found)))]);
};
