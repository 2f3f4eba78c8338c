/** AB-17: what an instance has counted it goes on telling, whichever of its workers counted it: a counter that falls is taken for a new start, and what it had told is lost. */
import type { Sample } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

const readings = 10;

/** While an instance replaces its workers one by one (`recycle-workers`), and does not start anew itself, none of its readings of `counter` is below an earlier one. */
export function countersKept({ counter }: { readonly counter: string }): Checker {
  return ({ faults, samples }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const { id, bitingAt, healingAt, numbers } of seenBiting(faults, "recycle-workers")) {
      const from = bitingAt - (numbers.watchedMs ?? 0);
      for (const [key, replaced] of Object.entries(numbers)) {
        const instance = / replaced$/.test(key) && replaced > 0 ? key.slice(0, -" replaced".length) : undefined;
        if (instance === undefined) continue;
        const own = samples.filter(
          ({ source, time, values }) => source === instance && values[counter] !== undefined && time >= from && time <= healingAt,
        );
        if (own.length < readings) continue;
        examined += own.length;
        let most: Sample | undefined;
        for (const one of own) {
          const [before, now] = [most?.values[counter] ?? 0, one.values[counter] ?? 0];
          if (most && now < before) {
            const text = `${instance} told of ${now} answers at ${at(one.time)} and of ${before} at ${at(most.time)}, between which it replaced a worker and did not start anew (${id}).`;
            found.push({ time: one.time, text });
            break;
          }
          most = one;
        }
      }
    }
    const text = {
      holds: `In ${examined} readings no counter of an instance fell, whose workers were replaced meanwhile.`,
      nothing: "No instance was read often enough while it replaced workers.",
    };
    return conclude("counters outlive workers", examined, inTime(found), text, { readings: examined });
  };
}
