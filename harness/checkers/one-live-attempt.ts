/** LG-5: one attempt of a run at a time, by the ledger: one clock and one order (SEMANTICS, "Exactly-once" 3 and 4). */
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { beatMs, byVictim, type Injection, losesRuns } from "./injections.ts";
import { at, inTime, toleranceMs, withDoubts } from "./judge.ts";
import { named, type Section, sameReport, sectionsOf } from "./sections.ts";
import { mayHaveStalled, recorderMayHaveStalled } from "./stalls.ts";
import { isClaim, trailOf } from "./trail.ts";

/**
 * Attempts of a run overlap only if the process of the older one was stopped (SIGSTOP) beyond its heartbeat time-out, and once resumed that
 * one begins at most one more step. Kill, latency and partition excuse nothing.
 */
export const oneLiveAttempt: Checker = (evidence) => {
  const { all, bySubject } = sectionsOf(evidence.ledger, "run");
  const judgeAtRest = excuses(evidence);
  const found: Counterexample[] = [];
  const doubtful: Counterexample[] = [];
  // A handler that beat a moment before it stalled, and wakes up with its own lease over; where no time-out is declared a timer that is a little late is no stall either.
  const stallMs = Math.max(0, (evidence.constants.heartbeatTimeoutMs ?? 3 * beatMs) - 2 * beatMs);
  const judge = (earlier: Section, later: Section): string | null => {
    const text = judgeAtRest(earlier, later);
    if (text === null || earlier.token === later.token) return text;
    const older = earlier.token < later.token ? earlier : later;
    const stalled = mayHaveStalled(evidence, older.instance, older.enteredAt - beatMs, later.enteredAt, stallMs);
    if (!stalled && !recorderMayHaveStalled(evidence, later.enteredAt, Math.min(earlier.endAt, later.endAt) - later.enteredAt)) return text;
    doubtful.push({ time: later.enteredAt, text });
    return null;
  };
  let excused = 0;
  for (const sections of bySubject.values()) {
    const overlap = overlaps(sections, toleranceMs(evidence), judge);
    for (const one of overlap.found) found.push(one);
    excused += overlap.excused;
  }
  excused -= doubtful.length;
  const text = {
    holds: `No two of ${all.length} attempts of ${bySubject.size} runs were live at once${excused > 0 ? `, but for ${excused} whose process was stopped beyond its heartbeat time-out` : ""}.`,
    nothing: "The ledger saw no attempt of a run.",
  };
  const numbers = { attempts: all.length, runs: bySubject.size, overlapsExcused: excused };
  return withDoubts(conclude("one live attempt at a time", all.length, inTime(found), text, numbers), inTime(doubtful));
};

/** One attempt number belongs to one section: a correct instance never enters an attempt twice. */
export const oneInstancePerAttempt: Checker = (evidence) => {
  const { all, bySubject } = sectionsOf(evidence.ledger, "run");
  const found: Counterexample[] = [];
  for (const sections of bySubject.values()) {
    const owners = new Map<number, Section>();
    for (const section of sections) {
      const owner = owners.get(section.token);
      if (owner === undefined) owners.set(section.token, section);
      else if (!sameReport(owner, section)) found.push({ time: section.enteredAt, text: enteredAgain(section, owner) });
    }
  }
  const text = { holds: `Each of ${all.length} attempts was executed by one instance, once.`, nothing: "The ledger saw no attempt of a run." };
  return conclude("one instance for each attempt", all.length, inTime(found), text, { attempts: all.length });
};

function enteredAgain(section: Section, owner: Section): string {
  const where = `(ledger ${owner.enteredSeq}, ${section.enteredSeq}, at ${at(section.enteredAt)})`;
  return `attempt ${section.token} of run ${section.subject} was entered by ${section.instance} after ${owner.instance} had entered it ${where}.`;
}

/**
 * Accuses each section that was entered while another of the same subject was open, by seq, unless `judge` excuses (null) every such pair. One accusation for
 * each section that enters keeps a thoroughly broken lock from filling the memory with pairs. A connection that closes by itself is noticed late, so a
 * close within `toleranceMs` after the next enter counts as before it; an exit is acknowledged and gets no such grace.
 */
export function overlaps(
  sections: readonly Section[],
  toleranceMs: number,
  judge: (earlier: Section, later: Section) => string | null,
): { readonly found: readonly Counterexample[]; readonly excused: number } {
  const found: Counterexample[] = [];
  let excused = 0;
  const open: Section[] = [];
  for (const next of sections.length < 2 ? [] : sections) {
    for (let i = open.length - 1; i >= 0; i--) {
      const one = open[i] as Section;
      if (one.endSeq < next.enteredSeq || (one.end === "closed" && one.endAt - next.enteredAt <= toleranceMs)) {
        open.splice(i, 1);
        continue;
      }
      if (sameReport(one, next)) continue;
      const text = judge(one, next);
      if (text !== null) {
        found.push({ time: next.enteredAt, text });
        break;
      }
      excused++;
    }
    open.push(next);
  }
  return { found, excused };
}

/** Of two sections that overlap: null when a pause explains it, else the accusation. */
function excuses(evidence: Evidence): (earlier: Section, later: Section) => string | null {
  const timeoutMs = evidence.constants.heartbeatTimeoutMs ?? 0;
  const tolerance = toleranceMs(evidence);
  const pauses = byVictim(evidence.faults, "pause");
  const trail = trailOf(evidence.transitions);
  return (earlier, later) => {
    const [older, newer] = earlier.token <= later.token ? [earlier, later] : [later, earlier];
    const both = `${named(newer)} and ${named(older)} of run ${newer.subject} were live at once`;
    const overlap = `from ${at(later.enteredAt)} to ${at(Math.min(earlier.endAt, later.endAt))}`;
    const where = `${overlap} (ledger ${earlier.enteredSeq}, ${later.enteredSeq})`;
    const ended = older.end === "open" ? "it never ended" : `the older one ended at ${at(older.endAt)}`;
    if (older.token === newer.token) return `${both} ${where}: ${ended}.`;
    const claim = trail.get(older.subject)?.find((transition) => isClaim(transition) && transition.attempt === older.token);
    const began = Math.min(claim?.time ?? older.enteredAt - timeoutMs, older.enteredAt) - evidence.deltaMs;
    const stops = (pauses.get(older.instance) ?? []).filter(
      (pause) => pause.healedAt >= began && losesRuns(pause, later.enteredAt, timeoutMs, tolerance),
    );
    if (stops.length === 0) return `${both} ${where}, and ${older.instance} had not been stopped beyond its heartbeat time-out: ${ended}.`;
    const afterNewer = older.steps.filter((step) => step.seq > later.enteredSeq).length;
    // A process that goes on for long after it was resumed had not lost its run by that pause; the step it was in may be reported beside the one it begins.
    const afterResume = Math.min(...stops.map((pause) => older.steps.filter((step) => step.time > pause.healedAt).length));
    if (afterNewer <= 1 && afterResume <= 2) return null;
    const many = afterNewer > 1 ? `${afterNewer} steps after the newer one had entered` : `${afterResume} steps`;
    const stop = stops[stops.length - 1] as Injection;
    return `${both} ${where}: ${older.instance} was stopped from ${at(stop.requestedAt)} to ${at(stop.healedAt)}, but once resumed its older attempt made ${many}.`;
  };
}
