/** Errors that the statement's own retries absorb never reach the attempt (LG-6). */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { isRequeue, trailOf } from "../trail.ts";

export default {
  what: "a handler gave a run back to be tried again while errors were injected into Postgres",
  sightings({ faults, transitions, deltaMs }) {
    const stops = seenBiting(faults, "terminate");
    const errors = seenBiting(faults, "inject-sqlstate");
    return [...trailOf(transitions).values()].flatMap((trail) =>
      trail.flatMap((one, i) => {
        const during = errors.find(({ requestedAt, healedAt }) => requestedAt + deltaMs < one.time && one.time <= healedAt);
        if (!isRequeue(one) || during === undefined) return [];
        const claim = trail.slice(0, i).findLast(({ to, attempt }) => to === "running" && attempt === one.attempt);
        const stopped = stops.some(({ on, requestedAt, healedAt }) => on === one.by && requestedAt <= one.time + deltaMs && one.time <= healedAt);
        if (stopped || claim?.handler !== one.by) return [];
        const text = `${one.by} gave back run ${one.subject} after its attempt ${one.attempt} at ${at(one.time)} (transition ${one.seq}), during ${during.id}.`;
        return [{ time: one.time, text }];
      }),
    );
  },
} satisfies Situation;
