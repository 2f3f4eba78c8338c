/** HS-2: instances that are started before their database wait for it, say so, and serve soon after it is there. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, ms, toleranceMs } from "./judge.ts";

/** @param boundMs from the start of Postgres to the readiness of every instance that waited for it */
export function startsInAnyOrder({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let slowest = 0;
    for (const { id, requestedAt: time, numbers } of seenBiting(evidence.faults, "start-before-postgres")) {
      const where = `(${id} at ${at(time)})`;
      for (const name of Object.keys(numbers).flatMap((key) => (key.endsWith(" live") ? [key.slice(0, -" live".length)] : []))) {
        const of = (what: string): number => numbers[`${name} ${what}`] ?? 0;
        const readyAfterMs = numbers[`${name} readyAfterMs`];
        const accuse = (what: string) => found.push({ time, text: `${name}, started before Postgres, ${what} ${where}.` });
        // One that the machine had not brought to life by then was not seen without its database.
        if (of("live") === 0 && of("ended") === 0) continue;
        examined++;
        slowest = Math.max(slowest, readyAfterMs ?? 0);
        if (of("ended") === 1) accuse("ended instead of waiting for it");
        else if (of("readyAlone") > 0) accuse(`said ${of("readyAlone")} times that it was ready while Postgres was down`);
        else if (readyAfterMs === undefined) accuse("was never ready after Postgres was");
        else if (readyAfterMs > boundMs + toleranceMs(evidence)) accuse(`was ready ${ms(readyAfterMs)} after it; ${ms(boundMs)} are allowed`);
      }
    }
    const text = {
      holds: `${examined} instances waited for Postgres, alive and not ready, and were ready within ${ms(slowest)} of its start.`,
      nothing: "No instance was seen alive before Postgres was.",
    };
    return concludeBound(evidence, boundMs, conclude("instances wait for their database", examined, found, text, { slowestMs: slowest }));
  };
}
