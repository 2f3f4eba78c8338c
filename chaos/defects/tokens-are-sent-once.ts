/** Tokens come ten times a second, and a batch that is sent again holds up all that follow, so that it is sent once. A batch that meets a broken connection fails the attempt: at a restart of Postgres every run that streams is executed again from its first step, with its effects, and four restarts end it in error. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tokens-are-sent-once",
  claim: "LG-14",
  what: "A batch of tokens is sent to the database once: a connection that breaks ends the attempt.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: "const stored = await db.query(",
      replace: "const stored = await db.once(",
    },
  ],
  caughtBy: ["repeat-statements"],
} satisfies Defect;
