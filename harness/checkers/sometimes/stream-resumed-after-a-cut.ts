/** A stream that is never cut off between two events never shows what becomes of the second. */
import type { Situation } from "../../core/verdict.ts";
import { at } from "../judge.ts";
import { streamRecords } from "../stream-records.ts";

export default {
  what: "a stream that was cut off was resumed in the middle of its run",
  sightings({ operations }) {
    const { streams } = streamRecords(operations);
    const cut = new Set(
      streams
        .filter(({ operation, events }) => operation.outcome === "info" && Number.isFinite(operation.answeredAt) && events.length > 0)
        .map(({ run, events }) => `${run} ${events.at(-1)?.id}`),
    );
    return streams
      .filter(({ run, lastEventId, events }) => lastEventId > 0 && events.length > 0 && cut.has(`${run} ${lastEventId}`))
      .map(({ run, lastEventId, operation }) => ({
        time: operation.invokedAt,
        text: `the stream of run ${run} was resumed after event ${lastEventId} at ${at(operation.invokedAt)} (operation ${operation.index}).`,
      }));
  },
} satisfies Situation;
