/** A cancel that comes too late must leave the result as it is. */
import type { Situation } from "../../core/verdict.ts";
import { at } from "../judge.ts";
import { endOf, textField, trailOf } from "../trail.ts";

export default {
  what: "a cancel met a finished run",
  sightings({ operations, transitions, deltaMs }) {
    const trail = trailOf(transitions);
    return operations.flatMap((cancel) => {
      // A refusal on purpose: the server has looked at the run.
      if (cancel.f !== "cancel" || cancel.outcome !== "fail" || cancel.served !== "shed") return [];
      const run = textField(cancel.input, "run") || cancel.key;
      const end = endOf(trail.get(run));
      if (end === undefined || end.to === "cancelled" || end.time > cancel.completedAt + deltaMs) return [];
      const text = `run ${run} had become ${end.to} at ${at(end.time)} (transition ${end.seq}) when its cancel was refused at ${at(cancel.completedAt)} (operation ${cancel.index}).`;
      return [{ time: cancel.completedAt, text }];
    });
  },
} satisfies Situation;
