/** That those who wait in a thread are unfinished too, each of them, was not thought of: where two wait, somebody seems to be at work. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "next-in-line-blocked",
  claim: "FR-3",
  what: "The look for threads whose next run nobody released passes over those in which more than one run waits.",
  edits: [
    {
      file: "runs/threads.ts",
      find: `where thread_id = held.thread_id and status in ('pending', 'running') and available_at < 'infinity'`,
      replace: `where thread_id = held.thread_id and id <> held.id and status in ('pending', 'running')`,
    },
  ],
  caughtBy: ["crash-with-runs-in-line"],
} satisfies Defect;
