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

const nothing = `No session of the target was sampled while a run of ${longRunMs / 1000} s was executing and no fault was on.`;

/**
 * No transaction of the target's sessions is seen in two samples, the later one older than `boundMs`, without a fault since its begin. Only samples taken while a
 * run of 20 s was executing count for the claim. Age and begin are Postgres's, so no other clock comes in. Where timers lagged, one is accused only beyond five
 * times the lag (SEMANTICS: of a bound, the lag may be 20 %): whoever has no processor cannot end its transaction.
 */
export function noOldTransaction({ boundMs = 2000 }: { readonly boundMs?: number } = {}): Checker {
  return (evidence) => {
    const calm = calmStretches(evidence);
    const isLong = whileLongRuns(evidence);
    const accusedMs = Math.max(boundMs, 5 * evidence.lagMs);
    const found: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    const ages: number[] = [];
    const seen = new Map<string, Sample>();
    const accused = new Set<string>();
    let examined = 0;
    for (const sample of evidence.samples.filter(({ source }) => source.startsWith("postgres ")).sort((a, b) => a.time - b.time)) {
      const { time, source, values } = sample;
      if (isCalm(calm, time, time) && isLong(time)) examined++;
      const { transactionPid, transactionBeganMs, transactionAgeMs: age } = values;
      if (age === undefined || !isCalm(calm, time - age, time)) continue;
      ages.push(age);
      const id = `${source} ${transactionPid} ${transactionBeganMs}`;
      const before = seen.get(id);
      if (before === undefined) seen.set(id, sample);
      if (before === undefined || age <= boundMs || accused.has(id)) continue;
      if (age > accusedMs) accused.add(id);
      const owner = source.slice("postgres ".length);
      const text = `${owner} had a transaction open for ${ms(age)} at ${at(time)} (backend ${transactionPid}), which had been seen at ${at(before.time)} already; ${ms(boundMs)} are allowed.`;
      (age > accusedMs ? found : doubtful).push({ time, text });
    }
    const oldestMs = Math.max(0, largest(ages));
    const text = {
      holds: `In ${examined} samples taken while runs of ${longRunMs / 1000} s were executing, no transaction of the target was older than ${ms(oldestMs)}.`,
      nothing,
    };
    const check = conclude("no transaction stays open", examined, inTime(found), text, { samples: examined, oldestTransactionMs: oldestMs, boundMs });
    return withDoubts(check, doubtful);
  };
}

/**
 * No idle session of the target holds an advisory lock that it has held for longer than `boundMs`, without a fault since. Only samples taken while a run of 20 s was executing
 * count. A session takes and frees such locks by statements, so what it holds while idle it has held since its last one, by Postgres's own clock. Locks of tables and rows end
 * with their transaction, whose age is judged by itself.
 */
export function noLockHeld({ boundMs = 2000 }: { readonly boundMs?: number } = {}): Checker {
  return (evidence) => {
    const calm = calmStretches(evidence);
    const isLong = whileLongRuns(evidence);
    const accusedMs = Math.max(boundMs, 5 * evidence.lagMs);
    const found: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    const ages: number[] = [];
    const accused = new Set<string>();
    let examined = 0;
    for (const { time, source, values } of evidence.samples.filter(({ source }) => source.startsWith("postgres "))) {
      const { lockPid, lockHeldMs: held = 0 } = values;
      if (!isLong(time) || !isCalm(calm, time - held, time)) continue;
      examined++;
      ages.push(held);
      const session = `${source} ${lockPid}`;
      if (held <= boundMs || accused.has(session)) continue;
      if (held > accusedMs) accused.add(session);
      const owner = source.slice("postgres ".length);
      const text = `${owner} held an advisory lock at ${at(time)} in a session over which it had sent nothing for ${ms(held)} (backend ${lockPid}); ${ms(boundMs)} are allowed.`;
      (held > accusedMs ? found : doubtful).push({ time, text });
    }
    const longestMs = Math.max(0, largest(ages));
    const text = {
      holds: `In ${examined} samples taken while runs of ${longRunMs / 1000} s were executing, no idle session of the target had held a lock for longer than ${ms(longestMs)}.`,
      nothing,
    };
    const check = conclude("no lock stays held", examined, inTime(found), text, { samples: examined, longestHeldMs: longestMs, boundMs });
    return withDoubts(check, doubtful);
  };
}
