/** Whether a lock is freed when its holder is gone shows only where one dies with a lock in its hand. */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";

export default {
  what: "an instance was killed while it held a lock",
  sightings({ faults, ledger }) {
    const { all } = sectionsOf(ledger, "lock");
    return seenBiting(faults, "kill").flatMap((kill) =>
      all
        .filter((section) => section.instance === kill.on && section.end === "closed" && section.enteredAt < kill.requestedAt)
        .filter(({ endAt }) => endAt >= kill.requestedAt && endAt <= kill.healingAt)
        .map((section) => ({
          time: kill.requestedAt,
          text: `${kill.id} killed ${kill.on} at ${at(kill.requestedAt)} inside the critical section of agent ${section.subject} with ${named(section)} (ledger ${section.enteredSeq}).`,
        })),
    );
  },
} satisfies Situation;
