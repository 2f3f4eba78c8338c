/** A run that fails once is the easy case: numbers, retries and events go on over more attempts. */
import type { Situation } from "../../core/verdict.ts";
import { at } from "../judge.ts";
import { claimant, isClaim } from "../trail.ts";

export default {
  what: "a run needed a third attempt",
  sightings: ({ transitions }) =>
    transitions
      .filter((one) => isClaim(one) && one.attempt >= 3)
      .map((one) => ({
        time: one.time,
        text: `run ${one.subject} was claimed for attempt ${one.attempt} by ${claimant(one)} at ${at(one.time)} (transition ${one.seq}).`,
      })),
} satisfies Situation;
