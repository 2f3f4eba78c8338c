/** The row decides between a handler that is done and a sweeper that thinks it dead: the closer together they come, the more it is worth. */
import type { Situation } from "../../core/verdict.ts";
import { at, ms } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";
import { isRequeue, trailOf } from "../trail.ts";

/** So close together they can have met at the row (ms). */
const closeMs = 1000;

export default {
  what: "a completion raced a sweep",
  sightings({ ledger, transitions }) {
    const trail = trailOf(transitions);
    return sectionsOf(ledger, "run").all.flatMap((section) => {
      if (section.end !== "exit") return [];
      const swept = trail
        .get(section.subject)
        ?.find((one) => isRequeue(one) && one.attempt === section.token && one.by !== "" && one.by !== section.instance);
      const apartMs = swept === undefined ? Number.POSITIVE_INFINITY : Math.abs(swept.time - section.endAt);
      if (swept === undefined || apartMs > closeMs) return [];
      const text = `${named(section)} of run ${section.subject} was done at ${at(section.endAt)} (ledger ${section.endSeq}), ${ms(apartMs)} from its re-queue by ${swept.by} (transition ${swept.seq}).`;
      return [{ time: section.endAt, text }];
    });
  },
} satisfies Situation;
