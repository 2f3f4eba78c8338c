/** HA-2, FR-7, LG-10: a process ends when it is told to, or is killed, and not because something that it depends on was lost: nobody starts it again. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { roleOf } from "./acts.ts";
import { injectionsOf } from "./injections.ts";
import { at, inTime } from "./judge.ts";

/** One that was struck itself is left alone for so long after it was seen healed (ms). */
const graceMs = 2000;

/**
 * No instance whose process had been seen is gone, in two looks one after another, without a fault of its own or of its role that is not over. That a process has ended needs no bound in time: no busy machine excuses it. For experiments
 * whose faults are told by whom they strike.
 */
export const noneEndsByItself: Checker = (evidence) => {
  const injections = injectionsOf(evidence.faults);
  const looks = evidence.samples.filter(
    ({ source, values }) => roleOf(source) !== "" && (values.ready !== undefined || values.standsBy !== undefined),
  );
  const found: Counterexample[] = [];
  let examined = 0;
  for (const [name, unordered] of Map.groupBy(looks, ({ source }) => source)) {
    const own = [...unordered].sort((a, b) => a.time - b.time);
    if (own.some(({ values }) => values.rssMb !== undefined)) examined++;
    const isStruck = (time: number): boolean =>
      injections.some(({ on, requestedAt, healedAt }) => (on === name || on === roleOf(name)) && requestedAt <= time && healedAt + graceMs >= time);
    const gone = own.find(({ time, values }, i) => {
      const [before, next] = [own[i - 1], own[i + 1]];
      return (
        before?.values.rssMb !== undefined &&
        values.rssMb === undefined &&
        next &&
        next.values.rssMb === undefined &&
        !isStruck(before.time) &&
        !isStruck(time)
      );
    });
    if (gone) found.push({ time: gone.time, text: `${name} had ended by itself at ${at(gone.time)}, without a fault of its own.` });
  }
  const text = {
    holds: `None of ${examined} instances ended by itself.`,
    nothing: "No process of an instance was seen.",
  };
  return conclude("no instance ends by itself", examined, inTime(found), text, { instances: examined });
};
