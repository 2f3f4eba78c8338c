/** HA-5: connections to Postgres stay within the declared budget, by Postgres's own account. */
import type { Sample } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches, isCalm, type Stretch } from "./calm.ts";
import { at, inTime, outOfReach } from "./judge.ts";
import { leastLookMs, unlessSaturated } from "./saturation.ts";

const prefix = "postgres ";

/** The samples of each instance's sessions in calm times, in the order of time. */
function sessionsOf(evidence: Evidence, calm: readonly Stretch[]): ReadonlyMap<string, readonly Sample[]> {
  const samples = evidence.samples
    .filter(({ source, time }) => source.startsWith(prefix) && isCalm(calm, time, time))
    .sort((a, b) => a.time - b.time);
  return Map.groupBy(samples, ({ source }) => source.slice(prefix.length));
}

/**
 * No instance has more connections than it declares in two samples in a row: in one, a backend may be on its way out that its client has left already. During
 * faults the sessions of a dead instance stand beside those of its successor, so only calm times are judged,
 * and those of the faults named, which end no process and no session.
 */
export function withinConnectionBudget(...harmless: readonly string[]): Checker {
  return (evidence) => {
    const property = "connections stay within the budget";
    const budget = evidence.constants.connectionsPerInstance;
    if (budget === undefined) return outOfReach(property, "connectionsPerInstance");
    const found: Counterexample[] = [];
    let examined = 0;
    let most = 0;
    const calm = calmStretches({ ...evidence, faults: evidence.faults.filter(({ fault }) => !harmless.includes(fault)) });
    for (const [instance, samples] of sessionsOf(evidence, calm)) {
      for (const [i, { time, values }] of samples.entries()) {
        const before = samples[i - 1];
        // A fault in between, and they are not in a row.
        const least = before && isCalm(calm, before.time, time) ? Math.min(values.connections ?? 0, before.values.connections ?? 0) : 0;
        examined++;
        most = Math.max(most, least);
        if (least <= budget) continue;
        found.push({
          time,
          text: `${instance} had ${least} connections to Postgres in two samples in a row, at ${at(time)}; it declares ${budget}.`,
        });
      }
    }
    const text = {
      holds: `In ${examined} samples no instance had more than ${most} connections to Postgres; ${budget} are declared.`,
      nothing: "No session of the target was sampled.",
    };
    const numbers = { samples: examined, mostConnections: most, connectionsPerInstance: budget };
    // Without a processor a backend that its client has left may stay for longer than two looks.
    return unlessSaturated(evidence, leastLookMs, conclude(property, examined, inTime(found), text, numbers));
  };
}
