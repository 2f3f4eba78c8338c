/** LG-8: a live handler's run is never taken from it while its heartbeat is fresh. */
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { beatMs, byVictim, losesRuns } from "./injections.ts";
import { at, inTime, toleranceMs, withDoubts } from "./judge.ts";
import { type Section, sectionsOf } from "./sections.ts";
import { mayHaveStalled } from "./stalls.ts";
import { claimant, isRequeue, trailOf } from "./trail.ts";

/**
 * No instance gives back a run whose handler, another instance, is still inside that attempt at the ledger, unless that handler had been stopped
 * (SIGSTOP) beyond its heartbeat time-out or killed. A handler that is cut off stops by itself before others may take its run, so a partition
 * excuses nothing.
 */
export const liveRunKept: Checker = (evidence) => {
  const ledger = sectionsOf(evidence.ledger, "run");
  const trail = trailOf(evidence.transitions);
  const excused = excuse(evidence);
  const tolerance = toleranceMs(evidence);
  const found: Counterexample[] = [];
  const doubtful: Counterexample[] = [];
  const stallMs = Math.max(0, (evidence.constants.heartbeatTimeoutMs ?? 0) - 2 * beatMs);
  let claims = 0;
  let taken = 0;
  let takenWhileStopped = 0;
  for (const [run, transitions] of ledger.all.length === 0 ? [] : trail) {
    let handler = "";
    for (const transition of transitions) {
      if (transition.to === "running") {
        claims++;
        handler = claimant(transition);
      }
      if (!isRequeue(transition) || transition.by === "" || handler === "" || transition.by === handler) continue;
      taken++;
      // Its attempt may have ended in the last moments, of which not every recorder tells.
      if (evidence.cutOff && transition.time + tolerance > evidence.endsAt) continue;
      for (const section of ledger.bySubject.get(run) ?? []) {
        if (section.token !== transition.attempt || section.instance !== handler) continue;
        // A close is noticed late: it may have happened before.
        const noticedMs = section.end === "closed" ? tolerance : evidence.deltaMs;
        if (section.enteredAt + evidence.deltaMs >= transition.time || section.endAt - noticedMs <= transition.time) continue;
        if (excused(section, transition)) takenWhileStopped++;
        else {
          const stalled = mayHaveStalled(evidence, section.instance, section.enteredAt - beatMs, transition.time, stallMs);
          (stalled ? doubtful : found).push({ time: transition.time, text: accusation(section, transition) });
        }
      }
    }
  }
  const text = {
    holds: `Of ${claims} claims ${taken} were taken from their handler by another instance, none while the handler was alive.`,
    nothing: "The audit trail saw no claim, or there is no ledger.",
  };
  const numbers = { claims, takenByOthers: taken, takenWhileStopped };
  return withDoubts(conclude("no live run is taken", claims, inTime(found), text, numbers), inTime(doubtful));
};

function excuse(evidence: Evidence): (section: Section, requeue: Transition) => boolean {
  const { heartbeatTimeoutMs = 0, sweepIntervalMs = beatMs } = evidence.constants;
  const tolerance = toleranceMs(evidence);
  const pauses = byVictim(evidence.faults, "pause");
  const kills = byVictim(evidence.faults, "kill");
  return (section, requeue) => {
    const stopped = pauses.get(section.instance)?.some((pause) => {
      if (!losesRuns(pause, requeue.time, heartbeatTimeoutMs, tolerance)) return false;
      // Judged dead while it was stopped, even if the sweeper's write lands later; or, by a sweeper that was late itself, while it ended its last step.
      const inTime = requeue.time <= Math.max(pause.healedAt, pause.requestedAt + heartbeatTimeoutMs) + sweepIntervalMs + tolerance;
      return inTime || section.steps.filter((step) => step.time > pause.healedAt).length <= 2;
    });
    const killed = kills
      .get(section.instance)
      ?.some((kill) => kill.requestedAt >= section.enteredAt && kill.requestedAt <= requeue.time + evidence.deltaMs);
    return stopped === true || killed === true;
  };
}

function accusation(section: Section, requeue: Transition): string {
  const until = section.end === "open" ? "never left it" : `left it at ${at(section.endAt)}`;
  return `run ${section.subject} was taken from ${section.instance} by ${requeue.by} at ${at(requeue.time)} (transition ${requeue.seq}) while ${section.instance} was executing attempt ${section.token}, which it had entered at ${at(section.enteredAt)}; it ${until}.`;
}
