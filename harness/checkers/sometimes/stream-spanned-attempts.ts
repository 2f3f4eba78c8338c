/** Numbers of events have to go on where a new attempt begins (LG-3). */
import type { Situation } from "../../core/verdict.ts";
import { at } from "../judge.ts";
import { streamRecords } from "../stream-records.ts";

export default {
  what: "a stream went on into the next attempt of its run",
  sightings: ({ operations }) =>
    streamRecords(operations).streams.flatMap(({ run, events, operation }) => {
      const next = events.find((event, i) => i > 0 && event.attempt > (events[i - 1]?.attempt ?? event.attempt));
      if (next === undefined) return [];
      const time = Number.isFinite(next.at) ? next.at : operation.invokedAt;
      return [
        {
          time,
          text: `event ${next.id} of run ${run} was the first of attempt ${next.attempt} in a stream (operation ${operation.index}, at ${at(time)}).`,
        },
      ];
    }),
} satisfies Situation;
