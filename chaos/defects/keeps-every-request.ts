/** A log that nobody empties: memory grows with every request, and nothing else shows it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "keeps-every-request",
  claim: "AB-20",
  what: "64 kB of every request are kept for ever.",
  edits: [
    {
      file: "app.ts",
      find: `  let inProgress = 0;`,
      replace: `  const kept: Buffer[] = [];
  app.addHook("onResponse", async () => void kept.push(Buffer.alloc(65_536, 1)));
  let inProgress = 0;`,
    },
  ],
  caughtBy: ["watch-memory"],
} satisfies Defect;
