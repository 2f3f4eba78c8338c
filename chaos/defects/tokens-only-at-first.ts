import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tokens-only-at-first",
  claim: "LG-3",
  what: "Who resumes a stream is not told of tokens.",
  edits: [
    {
      file: "routes/event-stream.ts",
      find: "      for (const event of batch.events) {\n        await write",
      replace: '      for (const event of batch.events) {\n        if (after > 0 && event.kind === "tokens") continue;\n        await write',
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
