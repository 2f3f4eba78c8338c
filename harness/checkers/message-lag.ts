/** HS-23: an instance's own figure for how late messages between instances are (`messageLagMs`) tells the truth. */
import type { Sample } from "../core/records.ts";
import { median } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime, ms, toleranceMs } from "./judge.ts";

/** A message that was sent before the fault is not late; the figure is of the last message, and one is sent each second (ms). */
const settleMs = 2500;
const readings = 4;
/** The harness measured the way there and back at its quickest, which every message takes, but for the time of Redis itself. */
const part = 0.8;
/** In silence the figure grows with it, but for the message that was under way and the time to the next (ms). */
const overdueMs = 2000;
/** So late messages are called late. */
const lateMs = 1000;

/**
 * While `latency` holds up what an instance says to Redis and hears from it, the median of its figure is no less than the round trip that the harness measured on
 * that edge: no message can be quicker; and whoever tells of its timers tells of its messages as well. While `partition` lets none through, its last figure is as long as the silence, but for
 * two seconds, and who told of its messages before goes on telling. In calm times no instance's median tells of a second and more, unless somebody's timers were late as well.
 */
export const messageLagTold: Checker = (evidence) => {
  const bySource = Map.groupBy(
    evidence.samples.filter(({ values }) => values.messageLagMs !== undefined),
    ({ source }) => source,
  );
  const found: Counterexample[] = [];
  let examined = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const { id, on, bitingAt, healingAt, numbers } of seenBiting(evidence.faults, "latency")) {
    const instance = on.split("->")[0] ?? "";
    const during = lagsOf(bySource.get(instance) ?? [], (time) => time >= bitingAt + settleMs && time <= healingAt);
    const roundTripMs = numbers.roundTripMs ?? 0;
    const answers = answersOf(evidence, instance, bitingAt + settleMs, healingAt);
    // Where somebody tells of it at all: a target need not have such a figure.
    const isSilent = during.length === 0 && answers >= readings && bySource.size > 0;
    if (roundTripMs === 0 || (during.length < readings && !isSilent)) continue;
    examined++;
    if (isSilent) {
      const text = `during ${id} on ${on} ${instance} was asked ${answers} times how it was, and told nothing of how late its messages were.`;
      found.push({ time: bitingAt, text });
      continue;
    }
    least = Math.min(least, median(during));
    if (median(during) >= part * roundTripMs) continue;
    const text = `during ${id} on ${on} a round trip to Redis took ${ms(roundTripMs)} or more, and ${instance} told of messages that were late by ${ms(median(during))} at ${at(bitingAt + settleMs)} and after.`;
    found.push({ time: bitingAt, text });
  }
  for (const { id, on, bitingAt, healingAt } of seenBiting(evidence.faults, "partition")) {
    const instance = on.split("->")[0] ?? "";
    const own = bySource.get(instance) ?? [];
    const last = own.findLast(({ time }) => time > bitingAt && time < healingAt);
    const answers = answersOf(evidence, instance, bitingAt + settleMs, healingAt);
    if (answers >= readings && own.some(({ time }) => time < bitingAt) && (last?.time ?? 0) < bitingAt + settleMs) {
      examined++;
      const text = `during ${id} on ${on} ${instance} was asked ${answers} times how it was, and told nothing any more of how late its messages were.`;
      found.push({ time: bitingAt, text });
      continue;
    }
    const silentMs = (last?.time ?? 0) - bitingAt;
    if (last === undefined || silentMs < 2 * overdueMs) continue;
    examined++;
    const toldMs = last.values.messageLagMs ?? 0;
    if (toldMs >= silentMs - overdueMs - toleranceMs(evidence)) continue;
    const text = `during ${id} on ${on} nothing had come through for ${ms(silentMs)} at ${at(last.time)}, and ${instance} told of messages that were late by ${ms(toldMs)}.`;
    found.push({ time: bitingAt, text });
  }
  const calm = calmStretches(evidence);
  let calmest = 0;
  for (const [instance, samples] of evidence.lagMs < lateMs / 2 ? bySource : []) {
    const lags = lagsOf(samples, (time) => isCalm(calm, time, time));
    if (lags.length < readings) continue;
    calmest = Math.max(calmest, median(lags));
    if (median(lags) >= lateMs)
      found.push({ time: evidence.endsAt, text: `without a fault ${instance} told of messages that were late by ${ms(median(lags))}.` });
  }
  const text = {
    holds: `In ${examined} delays and silences of a connection to Redis its instance told of messages late by at least ${ms(least)}, or for as long as there had been none; without one by ${ms(calmest)} at most.`,
    nothing: "No instance was asked for the lag of its messages while its connection to Redis was slow.",
  };
  return conclude("the lag of messages is told", examined, inTime(found), text, { delays: examined, calmMs: calmest });
};

/** How often an instance told of its timers. */
function answersOf({ samples }: Evidence, instance: string, from: number, to: number): number {
  return samples.filter(({ source, time, values }) => source === instance && values.lagMs !== undefined && time >= from && time <= to).length;
}

function lagsOf(samples: readonly Sample[], within: (time: number) => boolean): number[] {
  return samples.flatMap(({ time, values }) => (within(time) ? [values.messageLagMs ?? 0] : []));
}
