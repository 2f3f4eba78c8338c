/** LG-7: the target holds no transaction open and no lock for long while runs last long, by Postgres's own account (SEMANTICS, "Exactly-once", LG-7). */
import type { Sample } from "../core/records.ts";
import { largest } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { at, inTime, ms, withDoubts } from "./judge.ts";
import { sectionsOf } from "./sections.ts";

/** Runs must last so long for a transaction that spans one to be told from a slow statement (ms). */
const longRunMs = 20_000;

/** Whether a run of 20 s and more was executing at a time. */
function whileLongRuns({ ledger, endsAt }: Evidence): (time: number) => boolean {
  const long = sectionsOf(ledger, "run").all.filter(({ enteredAt, endAt }) => Math.min(endAt, endsAt) - enteredAt >= longRunMs);
  return (time) => long.some(({ enteredAt, endAt }) => enteredAt <= time && time <= endAt);
}

/** What one sample shows that a session of the target holds. */
interface Held {
  /** The same in every sample that shows it. */
  readonly id: string;
  readonly ageMs: number;
  /** Whether this sample may accuse. */
  readonly isCertain: boolean;
  text(owner: string): string;
}

/** Of a kind of thing that sessions hold: `heldIn` finds it in the samples of a run, which it is given in their order. */
interface Kind {
  readonly property: string;
  /** Of the longest time, in the numbers (ms). */
  readonly longest: string;
  holds(longestMs: number): string;
  heldIn(evidence: Evidence): (sample: Sample) => Held | undefined;
}

/**
 * No session of the target holds one for longer than `boundMs`, without a fault since it began to. Ages are Postgres's, so no other clock comes in. Where timers lagged, one is
 * accused only beyond five times the lag (SEMANTICS: of a bound, the lag may be 20 %): whoever has no processor cannot let go.
 */
function heldShortly(boundMs: number, { property, longest, holds, heldIn }: Kind, anyLoad = false): Checker {
  return (evidence) => {
    const calm = calmStretches(evidence);
    const isLong = anyLoad ? () => true : whileLongRuns(evidence);
    const accusedMs = Math.max(boundMs, 5 * evidence.lagMs);
    const held = heldIn(evidence);
    const found: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    const ages: number[] = [];
    const accused = new Set<string>();
    let examined = 0;
    for (const sample of evidence.samples.filter(({ source }) => source.startsWith("postgres ")).sort((a, b) => a.time - b.time)) {
      const { time, source } = sample;
      if (isCalm(calm, time, time) && isLong(time)) examined++;
      const one = held(sample);
      if (one === undefined || !isCalm(calm, time - one.ageMs, time)) continue;
      ages.push(one.ageMs);
      const id = `${source} ${one.id}`;
      if (!one.isCertain || one.ageMs <= boundMs || accused.has(id)) continue;
      if (one.ageMs > accusedMs) accused.add(id);
      (one.ageMs > accusedMs ? found : doubtful).push({ time, text: `${one.text(source.slice("postgres ".length))}; ${ms(boundMs)} are allowed.` });
    }
    const longestMs = Math.max(0, largest(ages));
    const whileWhat = anyLoad ? " under load" : ` while runs of ${longRunMs / 1000} s were executing`;
    const text = {
      holds: `In ${examined} samples taken${whileWhat}, ${holds(longestMs)}`,
      nothing: `No session of the target was sampled${whileWhat} and no fault was on.`,
    };
    return withDoubts(conclude(property, examined, inTime(found), text, { samples: examined, [longest]: longestMs, boundMs }), doubtful);
  };
}

/** A transaction is accused when two samples saw it, of which the later one is judged. `anyLoad`: samples count also where no long run was executing. */
export function noOldTransaction({ boundMs = 2000, anyLoad = false }: { readonly boundMs?: number; readonly anyLoad?: boolean } = {}): Checker {
  const kind: Kind = {
    property: "no transaction stays open",
    longest: "oldestTransactionMs",
    holds: (longestMs) => `no transaction of the target was older than ${ms(longestMs)}.`,
    heldIn() {
      const firstSeen = new Map<string, number>();
      return ({ time, source, values: { transactionPid, transactionBeganMs, transactionAgeMs: ageMs } }) => {
        if (ageMs === undefined) return undefined;
        const id = `${transactionPid} ${transactionBeganMs}`;
        const before = firstSeen.get(`${source} ${id}`);
        if (before === undefined) firstSeen.set(`${source} ${id}`, time);
        const text = (owner: string): string =>
          `${owner} had a transaction open for ${ms(ageMs)} at ${at(time)} (backend ${transactionPid}), which had been seen at ${at(before ?? time)} already`;
        return { id, ageMs, isCertain: before !== undefined, text };
      };
    },
  };
  return heldShortly(boundMs, kind, anyLoad);
}

/**
 * An advisory lock of an idle session, while a run of 20 s is executing. A session takes and frees such locks by statements, so what it holds while idle it has held since its
 * last one. Locks of tables and rows end with their transaction, whose age is judged by itself.
 */
export function noLockHeld({ boundMs = 2000 }: { readonly boundMs?: number } = {}): Checker {
  return heldShortly(boundMs, {
    property: "no lock stays held",
    longest: "longestHeldMs",
    holds: (longestMs) => `no idle session of the target had held a lock for longer than ${ms(longestMs)}.`,
    heldIn(evidence) {
      const isLong = whileLongRuns(evidence);
      return ({ time, values: { lockPid, lockHeldMs: ageMs } }) => {
        if (ageMs === undefined) return undefined;
        const text = (owner: string): string =>
          `${owner} held an advisory lock at ${at(time)} in a session over which it had sent nothing for ${ms(ageMs)} (backend ${lockPid})`;
        return { id: String(lockPid), ageMs, isCertain: isLong(time), text };
      };
    },
  });
}
