/** LG-8: what a dead handler held comes back in time, judged on the re-queue transition (SEMANTICS, "Exactly-once"). */
import { quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { byVictim, type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { type Section, sectionsOf } from "./sections.ts";
import { isRequeue, trailOf } from "./trail.ts";

export { liveRunKept } from "./live-run-kept.ts";

/** An attempt whose handler certainly could not go on after `time`. */
interface Orphan {
  readonly section: Section;
  readonly time: number;
  readonly injection: Injection;
}

/**
 * Every attempt that was open at the ledger when its handler was killed, or was stopped or cut off from Redis for longer than the bound, leaves the
 * running state within heartbeat time-out + sweep interval: by its re-queue, or because the run had ended. Where no other handler was well enough to sweep, the bound
 * counts from the moment one could be, plus the time-out that a sweeper waits before it judges anyone.
 */
export const requeuedInTime: Checker = (evidence) => {
  const property = "runs of a dead handler come back in time";
  const { heartbeatTimeoutMs, sweepIntervalMs } = evidence.constants;
  if (heartbeatTimeoutMs === undefined) return outOfReach(property, "heartbeatTimeoutMs");
  if (sweepIntervalMs === undefined) return outOfReach(property, "sweepIntervalMs");
  const boundMs = heartbeatTimeoutMs + sweepIntervalMs;
  const tolerance = toleranceMs(evidence, boundMs);
  const trail = trailOf(evidence.transitions);
  const sweepers = sweeping(evidence, boundMs, heartbeatTimeoutMs);
  const found: Counterexample[] = [];
  const delays: number[] = [];
  let examined = 0;
  let extended = 0;
  let ended = 0;
  for (const orphan of orphans(evidence)) {
    const { section, injection } = orphan;
    const transitions = trail.get(section.subject);
    if (transitions === undefined) continue;
    const due = sweepers(orphan);
    const claimed = transitions.findIndex((transition) => transition.to === "running" && transition.attempt === section.token);
    if (claimed === -1) continue;
    const left = transitions.slice(claimed + 1).find((transition) => transition.from === "running" && transition.to !== "running");
    if (injection.fault !== "kill") {
      // A handler that is well again before the bound may keep its runs or give them back itself: no proof either way. One that is cut off may finish what is short.
      if (injection.healingAt < due + tolerance && (left === undefined || left.time > injection.healingAt - evidence.deltaMs)) continue;
      if (left !== undefined && !isRequeue(left) && left.time <= due) continue;
    }
    if (left === undefined && due + tolerance > evidence.endsAt) continue;
    examined++;
    if (due > orphan.time + boundMs) extended++;
    if (left !== undefined && !isRequeue(left)) ended++;
    if (left !== undefined && isRequeue(left)) delays.push(Math.max(0, left.time - orphan.time));
    if (left !== undefined && left.time <= due + tolerance) continue;
    const what = `attempt ${section.token} of run ${section.subject} lost its handler ${section.instance} at ${at(orphan.time)} (${injection.id})`;
    const when = left
      ? `left the running state only at ${at(left.time)} (transition ${left.seq})`
      : `was still running when recording ended at ${at(evidence.endsAt)}`;
    found.push({
      // Where somebody can sweep only later, who lags then is late.
      time: due - boundMs,
      text: `${what} and ${when}, ${ms((left?.time ?? evidence.endsAt) - due)} after the bound of ${ms(due - orphan.time)}.`,
    });
  }
  const numbers = {
    orphanedAttempts: examined,
    requeued: delays.length,
    endedOtherwise: ended,
    boundExtended: extended,
    boundMs,
    ...(delays.length > 0 ? { requeueP50Ms: quantile(delays, 0.5), requeueMaxMs: quantile(delays, 1) } : {}),
  };
  const text = {
    holds: `All ${examined} attempts whose handler died left the running state within ${ms(boundMs)}${delays.length > 0 ? ` (slowest re-queue ${ms(quantile(delays, 1))})` : ""}.`,
    nothing: "No attempt was open at the ledger when its handler was killed, stopped or cut off beyond the bound.",
  };
  return concludeBound(evidence, boundMs, conclude(property, examined, inTime(found), text, numbers));
};

/** Attempts that were open when their instance was killed (the connection closed), stopped, or cut off from Redis. */
function orphans(evidence: Evidence): readonly Orphan[] {
  const kills = byVictim(evidence.faults, "kill");
  const silences = injectionsOf(evidence.faults).filter(
    ({ fault, bitingAt }) => (fault === "pause" || fault === "partition") && bitingAt < Number.POSITIVE_INFINITY,
  );
  const tolerance = toleranceMs(evidence);
  const all: Orphan[] = [];
  for (const section of sectionsOf(evidence.ledger, "run").all) {
    if (section.end === "closed") {
      // The kernel closes a killed process's connections at once, so the close is the death as the ledger saw it.
      const kill = kills.get(section.instance)?.find((one) => {
        return (
          one.requestedAt <= section.endAt && section.enteredAt <= one.bitingAt && section.endAt <= Math.min(one.bitingAt, one.healingAt) + tolerance
        );
      });
      if (kill) all.push({ section, time: section.endAt, injection: kill });
    }
    for (const injection of silences) {
      const { fault, on, requestedAt, bitingAt, healingAt } = injection;
      if (section.endAt <= bitingAt + tolerance) continue;
      if (fault === "pause" && on === section.instance && section.enteredAt < requestedAt) all.push({ section, time: bitingAt, injection });
      // A run that is claimed while its handler is cut off counts from its claim, which is the first sign of life.
      const cutOff = fault === "partition" && on === `${section.instance}->redis` && section.enteredAt < healingAt;
      if (cutOff) all.push({ section, time: Math.max(bitingAt, section.enteredAt), injection });
    }
  }
  return all;
}

/**
 * The moment an orphan's re-queue is due (ms). Some other handler that no fault touched from one time-out before the death until then can sweep;
 * if there is none, the bound starts when the last of the faults in the way is healed.
 */
function sweeping(evidence: Evidence, boundMs: number, timeoutMs: number): (orphan: Orphan) => number {
  const disturbances = injectionsOf(evidence.faults).filter((injection) => injection.fault !== "scale");
  const firstSeen = new Map<string, number>();
  for (const { instance, enteredAt } of sectionsOf(evidence.ledger, "run").all) {
    firstSeen.set(instance, Math.min(firstSeen.get(instance) ?? Number.POSITIVE_INFINITY, enteredAt));
  }
  const known = new Map<string, number>();
  return (orphan) => {
    const key = `${orphan.section.instance} ${orphan.time}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    let due = orphan.time + boundMs;
    for (;;) {
      const inTheWay = disturbances.filter((one) => one.requestedAt < due && one.healedAt + timeoutMs > orphan.time);
      const fit = [...firstSeen].some(([name, since]) => {
        return name !== orphan.section.instance && since < orphan.time && !inTheWay.some((one) => touches(one, name));
      });
      const later = fit ? due : inTheWay.reduce((latest, one) => Math.max(latest, one.healedAt + timeoutMs + boundMs), due);
      if (later === due) break;
      due = later;
      if (due === Number.POSITIVE_INFINITY) break;
    }
    known.set(key, due);
    return due;
  };
}

/** Whether a fault can keep an instance from sweeping: it hits the instance, an edge of it, or something that all depend on. */
function touches(injection: Injection, instance: string): boolean {
  const victim = injection.on.split("->")[0] ?? "";
  const another = /-\d+$/.test(victim) && victim !== instance;
  return !another;
}
