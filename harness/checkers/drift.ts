/** HS-10: an instance whose settings differ from the others' is kept out. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime } from "./judge.ts";

/** Of the instances that came back with another setting, none answered that it was ready. */
export const driftKeptOut: Checker = (evidence) => {
  const drifts = injectionsOf(evidence.faults).filter(({ fault, numbers }) => fault === "drift" && numbers.admitted !== undefined);
  const found = drifts
    .filter(({ numbers }) => numbers.admitted === 1)
    .map(({ id, on, bitingAt }) => ({
      time: bitingAt,
      text: `${on} came back with a setting of its own and answered ready at ${at(bitingAt)} (${id}).`,
    }));
  const text = {
    holds: `All ${drifts.length} instances that came back with a setting of their own were kept out.`,
    nothing: "No instance came back with a setting of its own.",
  };
  return conclude("a drifted instance is kept out", drifts.length, found, text);
};

/** An instance that starts while the database is slow may listen for so long before it knows that its settings are others (ms). */
const knowsWithinMs = 3000;
/** A reading of its page of metrics is this old at most when it is noted (ms). */
const lookMs = 1000;

/**
 * From the end of the process before until it was started as before, an instance with a setting of its own did not go on answering at its port: a balancer would lead clients to one that
 * serves nobody. Its timer lag is in every answer of its page of metrics.
 */
export const driftedDoesNotListen: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let looks = 0;
  for (const { id, on, requestedAt, bitingAt, numbers } of seenBiting(evidence.faults, "drift")) {
    if (numbers.endedAfterMs === undefined || numbers.admitted === 1) continue;
    const from = requestedAt + numbers.endedAfterMs + lookMs;
    let since: number | undefined;
    let longest = { forMs: 0, from: 0, to: 0 };
    for (const { source, time, values } of evidence.samples) {
      if (source !== on || time < from || time > bitingAt || values.ready === undefined) continue;
      looks++;
      if (values.lagMs === undefined) since = undefined;
      else {
        since ??= time;
        if (time - since > longest.forMs) longest = { forMs: time - since, from: since, to: time };
      }
    }
    if (longest.forMs <= knowsWithinMs) continue;
    const text = `${on} came back with a setting of its own, and answered at its port from ${at(longest.from)} to ${at(longest.to)} (${id}); whoever is kept out is not to listen.`;
    found.push({ time: longest.from, until: longest.to, text });
  }
  const text = {
    holds: `In ${looks} looks no instance that came back with a setting of its own went on answering at its port.`,
    nothing: "Nobody looked at an instance that came back with a setting of its own.",
  };
  return concludeBound(evidence, knowsWithinMs, conclude("a drifted instance does not listen", looks, inTime(found), text, { looks }));
};
