/** LG-8: a handler that cannot tell the database how its attempt ended leaves the run to the others, as one that died does. */
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { named, sectionsOf } from "./sections.ts";
import { trailOf } from "./trail.ts";

/**
 * Every attempt that its handler left at the ledger while the database was away, and whose run still was in it when the database came back, leaves the running
 * state within the time that a sweeper waits before it judges anybody, heartbeat time-out and sweep interval, whether or not its handler lives.
 */
export const leftBehindInTime: Checker = (evidence) => {
  const property = "runs that were left without a database come back in time";
  const { heartbeatTimeoutMs, sweepIntervalMs } = evidence.constants;
  if (heartbeatTimeoutMs === undefined) return outOfReach(property, "heartbeatTimeoutMs");
  if (sweepIntervalMs === undefined) return outOfReach(property, "sweepIntervalMs");
  const boundMs = 2 * heartbeatTimeoutMs + sweepIntervalMs;
  const tolerance = toleranceMs(evidence, heartbeatTimeoutMs);
  const outages = injectionsOf(evidence.faults).filter(({ on, bitingAt }) => on === "postgres" && Number.isFinite(bitingAt));
  const trail = trailOf(evidence.transitions);
  const found: Counterexample[] = [];
  const delays: number[] = [];
  for (const section of sectionsOf(evidence.ledger, "run").all) {
    const outage = outages.find(({ bitingAt, healingAt }) => section.endAt > bitingAt && section.endAt < healingAt);
    if (section.end !== "exit" || outage === undefined) continue;
    const transitions = trail.get(section.subject) ?? [];
    const claimed = transitions.findIndex(({ to, attempt }) => to === "running" && attempt === section.token);
    const left = transitions.slice(claimed + 1).find(({ from, to, attempt }) => (from === "running" && to !== "running") || attempt > section.token);
    // What is committed while the database is going down was told in time.
    if (claimed === -1 || (left !== undefined && left.time < outage.healingAt)) continue;
    const due = dueAfter(evidence, outage.healedAt, boundMs);
    if (left === undefined && due + tolerance > evidence.endsAt) continue;
    delays.push(Math.max(0, (left?.time ?? evidence.endsAt) - outage.healedAt));
    if (left !== undefined && left.time <= due + tolerance) continue;
    const what = `${named(section)} of run ${section.subject} was left at ${at(section.endAt)} (ledger ${section.endSeq}), without a database (${outage.id})`;
    const when = left ? `left the running state only at ${at(left.time)} (transition ${left.seq})` : `was still running at ${at(evidence.endsAt)}`;
    found.push({ time: due, text: `${what}, and the run ${when}; ${at(due)} was the latest.` });
  }
  const slowestMs = Math.max(0, ...delays);
  const text = {
    holds: `All ${delays.length} runs that were left without a database had left the running state ${ms(slowestMs)} after it was back.`,
    nothing: "No attempt was left while the database was away.",
  };
  return concludeBound(
    evidence,
    heartbeatTimeoutMs,
    conclude(property, delays.length, inTime(found), text, { leftBehind: delays.length, slowestMs }),
  );
};

/** Whatever else disturbs the sweepers meanwhile begins the bound anew (ms). */
function dueAfter({ faults }: Evidence, from: number, boundMs: number): number {
  const others = injectionsOf(faults).filter(({ fault, healedAt }) => fault !== "scale" && healedAt > from);
  for (let due = from + boundMs; ; ) {
    const later = others.filter(({ requestedAt }) => requestedAt < due).reduce((latest, { healedAt }) => Math.max(latest, healedAt + boundMs), due);
    if (later === due || !Number.isFinite(later)) return later;
    due = later;
  }
}
