/** AB-11: what a switch of the traffic from old instances to new ones costs its clients. What happened is the record of `blue-green`. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms } from "./judge.ts";
import { unlessSaturated } from "./saturation.ts";
import { streamRecords } from "./stream-records.ts";

/** nginx's old workers may take connections for so long after the new ones do (ms). */
const reloadMs = 1000;

/** When the new configuration was seen to answer, and who was to get nothing more from then on. */
function switchOf({ bitingAt, numbers }: Injection): { readonly switchedAt: number; readonly old: readonly string[] } {
  const old = Object.keys(numbers).flatMap((name) => (name.endsWith(" old") ? [name.slice(0, -" old".length)] : []));
  return { switchedAt: bitingAt - (numbers.sinceSwitchMs ?? Number.NaN), old };
}

/** No request that was sent after the switch, and before the old instances came back, was answered by one of them. */
export const nothingToTheOld: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const injection of seenBiting(evidence.faults, "blue-green")) {
    const { switchedAt, old } = switchOf(injection);
    const from = switchedAt + reloadMs + evidence.deltaMs;
    for (const { f, by, process, index, invokedAt } of evidence.operations) {
      if (by === "" || !(invokedAt > from) || invokedAt > injection.healingAt) continue;
      examined++;
      if (old.includes(by))
        found.push({
          time: invokedAt,
          text: `${f} of ${process}, sent at ${at(invokedAt)}, ${ms(invokedAt - switchedAt)} after the switch, was answered by ${by}, which was to get nothing more (operation ${index}).`,
        });
    }
  }
  const text = {
    holds: `All ${examined} requests after the switch were answered by new instances.`,
    nothing: "No request was sent between a switch and its end.",
  };
  return concludeBound(evidence, reloadMs, conclude("nothing goes to the old instances", examined, inTime(found), text, { requests: examined }));
};

/** Streams that old instances carried at the switch came to their ends on them: none was cut off. */
export const streamsOutlastTheSwitch: Checker = (evidence) => {
  const { streams } = streamRecords(evidence.operations);
  const found: Counterexample[] = [];
  let examined = 0;
  for (const injection of seenBiting(evidence.faults, "blue-green")) {
    const { switchedAt, old } = switchOf(injection);
    for (const { operation, run } of streams) {
      const { by, outcome, invokedAt, answeredAt, process, index, error } = operation;
      if (!old.includes(by) || invokedAt >= switchedAt || answeredAt <= switchedAt || answeredAt > injection.healingAt) continue;
      examined++;
      if (outcome === "ok") continue;
      const how = `ended with "${error || outcome}" at ${at(answeredAt)}, ${ms(answeredAt - switchedAt)} after the switch`;
      found.push({ time: answeredAt, text: `the stream of ${run} to ${process}, which ${by} carried, ${how} (operation ${index}).` });
    }
  }
  const text = {
    holds: `All ${examined} streams that old instances carried at the switch came to their ends.`,
    nothing: "No old instance carried a stream at a switch.",
  };
  return unlessSaturated(evidence, reloadMs, conclude("streams outlast the switch", examined, inTime(found), text, { streams: examined }));
};
