/** Who joins on another instance than the first client of the run is not told what came before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "stream-buffer-in-process",
  claim: "LG-3",
  what: "Events are kept for streams in the memory of each instance, from the moment at which it has the first client of the run.",
  edits: [
    {
      file: "routes/event-stream.ts",
      find: `interface Stream {`,
      replace: `const buffers = new Map<string, number>();
/** The number of the last event before the buffer of this instance begins. */
async function bufferedAfter(db: ServerContext["db"], runId: string): Promise<number> {
  const missed = (await readEvents(db, runId, 0))?.events.findLast(({ kind }) => kind !== "end")?.seq ?? 0;
  const after = buffers.get(runId) ?? missed;
  buffers.set(runId, after);
  return after;
}

interface Stream {`,
    },
    {
      file: "routes/event-stream.ts",
      find: `  let last = after;`,
      replace: `  let last = Math.max(after, await bufferedAfter(db, runId));`,
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
