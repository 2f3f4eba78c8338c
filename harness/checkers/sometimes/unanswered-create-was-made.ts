/** The answer was lost and the effect was not: what idempotency keys are for. */
import type { Situation } from "../../core/verdict.ts";
import { at } from "../judge.ts";
import { acknowledgedRuns } from "../trail.ts";

export default {
  what: "a creation whose answer was lost had been made all the same",
  sightings({ operations, transitions, deltaMs }) {
    const acknowledged = acknowledgedRuns(operations);
    const lost = operations.filter(({ f, outcome, answeredAt }) => f === "create" && outcome === "info" && Number.isFinite(answeredAt));
    // Still waiting at the end of the record: such a creation may be the one, and its answer is not lost.
    const waitingSince = operations.reduce(
      (since, { f, answeredAt, invokedAt }) => (f === "create" && !Number.isFinite(answeredAt) ? Math.min(since, invokedAt) : since),
      Number.POSITIVE_INFINITY,
    );
    return transitions.flatMap(({ from, subject, time, seq }) => {
      if (from !== null || acknowledged.has(subject) || time + deltaMs >= waitingSince) return [];
      const create = lost.find(({ invokedAt, answeredAt }) => invokedAt - deltaMs <= time && time <= answeredAt + deltaMs);
      if (create === undefined) return [];
      return [
        {
          time,
          text: `run ${subject} was made at ${at(time)} (transition ${seq}) and told to nobody; operation ${create.index} got no answer then.`,
        },
      ];
    });
  },
} satisfies Situation;
