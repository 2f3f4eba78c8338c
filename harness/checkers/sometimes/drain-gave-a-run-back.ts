/** An instance that stops with nothing to give back has shown only that it stops. */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { isRequeue } from "../trail.ts";

export default {
  what: "an instance that was told to stop gave a run back",
  sightings({ faults, transitions, deltaMs }) {
    return seenBiting(faults, "terminate").flatMap(({ id, on, requestedAt, bitingAt }) =>
      transitions
        .filter((one) => isRequeue(one) && one.by === on && one.time > requestedAt + deltaMs && one.time < bitingAt + deltaMs)
        .map((one) => ({ time: one.time, text: `${on} gave run ${one.subject} back at ${at(one.time)} (transition ${one.seq}) after ${id}.` })),
    );
  },
} satisfies Situation;
