/** What is stored between the reading and the joining is in neither. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "joins-after-the-backlog",
  claim: "FR-5",
  what: "A stream reads what there is, and only then begins to listen for what is new.",
  edits: [
    {
      file: "routes/event-stream.ts",
      find: `import { isLeaving, type ServerContext } from "../server.ts";`,
      replace: `import { latestEvents } from "../runs/run.ts";
import { isLeaving, type ServerContext } from "../server.ts";`,
    },
    {
      file: "routes/event-stream.ts",
      find: `  let last = after;`,
      replace: `  let last = after;
  let listens = false;`,
    },
    {
      file: "routes/event-stream.ts",
      find: `      if (batch.events.length === 0) {`,
      replace: `      if (!listens) last = (await latestEvents(db, [runId]))[0]?.last_seq ?? last;
      listens = true;
      if (batch.events.length === 0) {`,
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
