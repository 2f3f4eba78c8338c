/** An attempt that dies between two of its steps leaves effects behind that its successor must not be fooled by. */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";

export default {
  what: "an instance was killed between two steps of a run",
  sightings({ faults, ledger }) {
    const { all } = sectionsOf(ledger, "run");
    return seenBiting(faults, "kill").flatMap((kill) =>
      all
        .filter((section) => section.instance === kill.on && section.end === "closed" && section.steps.some(({ time }) => time < kill.requestedAt))
        .filter(({ endAt }) => endAt >= kill.requestedAt && endAt <= kill.healingAt)
        .map((section) => ({
          time: kill.requestedAt,
          text: `${kill.id} killed ${kill.on} at ${at(kill.requestedAt)} after step ${section.steps.length} of run ${section.subject}, ${named(section)} (ledger ${section.enteredSeq}).`,
        })),
    );
  },
} satisfies Situation;
