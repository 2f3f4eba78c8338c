/** A handler that cannot renew its heartbeat for a while, and for less than its lease, keeps its run. */
import type { Situation } from "../../core/verdict.ts";
import { injectionsOf } from "../injections.ts";
import { at } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";

/** Whoever loses Redis by one of these hears nothing of it as long as it lasts. */
const outages = new Set(["restart-redis", "pause-redis", "partition", "half-open", "one-way-black-hole"]);

export default {
  what: "an attempt was at work from before an outage of Redis until after it",
  sightings({ faults, ledger }) {
    const finished = sectionsOf(ledger, "run").all.filter(({ end }) => end === "exit");
    return injectionsOf(faults)
      .filter(({ fault, on, healedAt }) => outages.has(fault) && on.endsWith("redis") && Number.isFinite(healedAt))
      .flatMap((outage) =>
        finished
          .filter(({ instance }) => ["redis", "*->redis", `${instance}->redis`].includes(outage.on))
          .filter(({ enteredAt, endAt }) => enteredAt < outage.bitingAt && endAt > outage.healedAt)
          .map((section) => ({
            time: outage.bitingAt,
            text: `${named(section)} of run ${section.subject} began at ${at(section.enteredAt)} and was done at ${at(section.endAt)}, over ${outage.id} on ${outage.on} (ledger ${section.enteredSeq}, ${section.endSeq}).`,
          })),
      );
  },
} satisfies Situation;
