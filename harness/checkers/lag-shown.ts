/** AB-31: an instance that is stopped now and then says so itself, by its own gauge of how late its timers are (`lagMs`). */
import { median } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime, ms } from "./judge.ts";

const readings = 3;
/** A process that is stopped in turns is late by more than this each time (ms). */
const leastMs = 30;

/** Of the readings of the victim's gauge while `fault` stops it in turns, at least one in two tells of lag. Where it was read too seldom, nothing is known. */
export function lagShown(fault: string): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let told = 0;
    for (const { id, on, bitingAt, healingAt } of seenBiting(evidence.faults, fault)) {
      const lags = evidence.samples.flatMap(({ source, time, values }) =>
        source === on && time >= bitingAt && time <= healingAt && values.lagMs !== undefined ? [values.lagMs] : [],
      );
      if (lags.length < readings) continue;
      examined += lags.length;
      told = Math.max(told, median(lags));
      if (median(lags) >= leastMs) continue;
      const text = `from ${at(bitingAt)} to ${at(healingAt)} ${on} was stopped in turns (${id}) and told of timers that were late by ${ms(median(lags))}, the median of ${lags.length} readings.`;
      found.push({ time: bitingAt, text });
    }
    const text = {
      holds: `In ${examined} readings instances that were stopped in turns told of timers late by ${ms(told)}.`,
      nothing: `The gauge of lag was read less than ${readings} times during ${fault}.`,
    };
    return conclude("lag has a sign", examined, inTime(found), text, { readings: examined, toldMs: told });
  };
}
