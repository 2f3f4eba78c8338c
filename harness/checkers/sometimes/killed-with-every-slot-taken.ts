/** Slots that a crash does not free block the queue for ever (FR-3): that shows only where all were taken. */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { sectionsOf } from "../sections.ts";

export default {
  what: "an instance was killed with every slot for runs taken",
  sightings({ faults, ledger, constants: { runsPerInstance = Number.POSITIVE_INFINITY } }) {
    const { all } = sectionsOf(ledger, "run");
    return seenBiting(faults, "kill").flatMap(({ id, on, requestedAt }) => {
      const open = all.filter((section) => section.instance === on && section.enteredAt < requestedAt && section.endAt >= requestedAt).length;
      return open < runsPerInstance ? [] : [{ time: requestedAt, text: `${id} killed ${on} at ${at(requestedAt)} with ${open} runs under way.` }];
    });
  },
} satisfies Situation;
