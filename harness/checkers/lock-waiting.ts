/** HS-6: who waits for a lock gets it. Starvation and hand-over, by what clients asked for and the sections at the ledger. */
import { quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, gravest } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { turnsOf } from "./mutual-exclusion.ts";
import { named, type Section, sectionsOf } from "./sections.ts";

export interface LockWaitingOptions {
  /** The longest that a lock may lie idle after its holder has left while somebody is known to wait (ms). */
  readonly handOverMs: number;
  /** The longest that a turn may wait while later ones of the same agent are let in before it (ms). */
  readonly waitMs: number;
}

/**
 * In calm times a lock that is given up goes to one of those who wait within `handOverMs`, and nobody is passed over by later ones for longer than `waitMs`. Only
 * turns that were answered in the end are known to have waited for that agent's lock, from their invocation until they entered.
 */
export function lockGoesOn({ handOverMs, waitMs }: LockWaitingOptions): Checker {
  return (evidence) => {
    const calm = calmStretches(evidence);
    const tolerance = toleranceMs(evidence);
    const asked = new Map(turnsOf(evidence.operations).map((turn) => [`${turn.agent} ${turn.token}`, turn.operation.invokedAt]));
    // A lag that excuses a slow hand-over need not excuse a wait that is many times as long.
    const late: Counterexample[] = [];
    const passed: Counterexample[] = [];
    const idle: number[] = [];
    const waits: number[] = [];
    let passedOver = 0;
    let nearly = 0;
    for (const [agent, sections] of sectionsOf(evidence.ledger, "lock").bySubject) {
      const askedAt = ({ token }: Section): number | undefined => asked.get(`${agent} ${token}`);
      // From the last to the first: of all that have not entered yet, who is known to have waited longest.
      let longest: { readonly section: Section; readonly since: number } | undefined;
      for (let i = sections.length - 1; i >= 0; i--) {
        const section = sections[i] as Section;
        const since = askedAt(section);
        if (since !== undefined && isCalm(calm, since, section.enteredAt)) {
          if (longest === undefined || since < longest.since) longest = { section, since };
          const waited = section.enteredAt - since;
          waits.push(waited);
          const later = sections.slice(0, i).filter((other) => (askedAt(other) ?? Number.NEGATIVE_INFINITY) > since + evidence.deltaMs);
          passedOver = Math.max(passedOver, later.length);
          if (later.length > 0 && waited > waitMs) nearly++;
          if (later.length > 0 && waited > waitMs + tolerance)
            passed.push({
              time: section.enteredAt,
              text: `${named(section)} of agent ${agent} waited for ${ms(waited)} from ${at(since)} on, while ${later.length} that had asked later were let in before it; ${ms(waitMs)} are allowed (ledger ${section.enteredSeq}).`,
            });
        }
        const before = sections[i - 1];
        if (longest === undefined || before?.end !== "exit" || before.endAt > section.enteredAt) continue;
        if (longest.since + evidence.deltaMs >= before.endAt) continue;
        const free = section.enteredAt - before.endAt;
        idle.push(free);
        if (free > handOverMs) nearly++;
        if (free > handOverMs + tolerance)
          late.push({
            time: section.enteredAt,
            text: `the lock of agent ${agent} lay idle for ${ms(free)} after ${named(before)} had left at ${at(before.endAt)}, although ${named(longest.section)} had waited since ${at(longest.since)}; ${ms(handOverMs)} are allowed (ledger ${before.endSeq}, ${section.enteredSeq}).`,
          });
      }
    }
    const numbers = {
      lockWaits: waits.length,
      handOvers: idle.length,
      mostPassedOver: passedOver,
      ...(idle.length > 0 ? { handOverP50Ms: quantile(idle, 0.5), handOverMaxMs: quantile(idle, 1) } : {}),
      ...(waits.length > 0 ? { lockWaitP50Ms: quantile(waits, 0.5), lockWaitMaxMs: quantile(waits, 1) } : {}),
    };
    const text = {
      holds: `${idle.length} contended hand-overs took at most ${ms(Math.max(0, ...idle))}, and of ${waits.length} waits the longest was ${ms(quantile(waits, 1))}; at most ${passedOver} later ones went before anybody.`,
      nothing: "No lock was given up in calm times while somebody is known to have waited for it.",
    };
    const told = (of: readonly Counterexample[]) => conclude("a lock goes on to who waits", idle.length, inTime(of), text, numbers);
    const check = gravest([concludeBound(evidence, waitMs, told(passed)), concludeBound(evidence, handOverMs, told(late))]);
    if (check.verdict !== "holds" || nearly === 0) return check;
    const summary = `${nearly} times a bound (${ms(handOverMs)} idle, ${ms(waitMs)} passed over) was missed by no more than clocks and timers were off, which decides nothing. ${check.summary}`;
    return { ...check, verdict: "inconclusive", summary };
  };
}
