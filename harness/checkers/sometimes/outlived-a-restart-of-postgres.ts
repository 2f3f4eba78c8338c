/** Work that begins and ends on one side of a restart never meets it. */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";

export default {
  what: "an attempt was at work from before a restart of Postgres until after it",
  sightings({ faults, ledger }) {
    const finished = sectionsOf(ledger, "run").all.filter(({ end }) => end === "exit");
    return seenBiting(faults, "restart-postgres")
      .filter(({ healedAt }) => Number.isFinite(healedAt))
      .flatMap((restart) =>
        finished
          .filter(({ enteredAt, endAt }) => enteredAt < restart.bitingAt && endAt > restart.healedAt)
          .map((section) => ({
            time: restart.bitingAt,
            text: `${named(section)} of run ${section.subject} began at ${at(section.enteredAt)} and was done at ${at(section.endAt)}, over ${restart.id} (ledger ${section.enteredSeq}, ${section.endSeq}).`,
          })),
      );
  },
} satisfies Situation;
