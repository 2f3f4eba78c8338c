/** LG-7: the target holds no transaction open for long while runs last long, by Postgres's own account (SEMANTICS, "Exactly-once", LG-7). */
import type { Sample } from "../core/records.ts";
import { largest } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { at, inTime, ms, withDoubts } from "./judge.ts";
import { sectionsOf } from "./sections.ts";

/** Runs must last so long for a transaction that spans one to be told from a slow statement (ms). */
const longRunMs = 20_000;

/**
 * No transaction of the target's sessions is seen in two samples, the later one older than `boundMs`, without a fault since its begin. Only samples taken while a
 * run of 20 s was executing count for the claim. Age and begin are Postgres's, so no other clock comes in. Where timers lagged, one is accused only beyond five
 * times the lag (SEMANTICS: of a bound, the lag may be 20 %): whoever has no processor cannot end its transaction.
 */
export function noOldTransaction({ boundMs = 2000 }: { readonly boundMs?: number } = {}): Checker {
  return (evidence) => {
    const calm = calmStretches(evidence);
    const long = sectionsOf(evidence.ledger, "run").all.filter(({ enteredAt, endAt }) => Math.min(endAt, evidence.endsAt) - enteredAt >= longRunMs);
    const accusedMs = Math.max(boundMs, 5 * evidence.lagMs);
    const found: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    const ages: number[] = [];
    const seen = new Map<string, Sample>();
    const accused = new Set<string>();
    let examined = 0;
    for (const sample of evidence.samples.filter(({ source }) => source.startsWith("postgres ")).sort((a, b) => a.time - b.time)) {
      const { time, source, values } = sample;
      if (isCalm(calm, time, time) && long.some(({ enteredAt, endAt }) => enteredAt <= time && time <= endAt)) examined++;
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
      nothing: `No session of the target was sampled while a run of ${longRunMs / 1000} s was executing and no fault was on.`,
    };
    const check = conclude("no transaction stays open", examined, inTime(found), text, { samples: examined, oldestTransactionMs: oldestMs, boundMs });
    return withDoubts(check, doubtful);
  };
}
