/** Only what is being worked on is in the way of the new run, so only that is cancelled: what waits in line has not begun and disturbs nobody. But the rule says that the new run takes the place of all unfinished ones: here the user interrupts the agent, gets his answer, and then it carries out the instructions that he had withdrawn. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "interrupts-the-first-only",
  claim: "LG-5",
  what: "Under the rule interrupt only the run that is in progress is cancelled; those that wait in line are worked on after the new one.",
  edits: [
    {
      file: "migrations/003-threads.sql",
      find: "where thread_id = thread and runs.status in ('pending', 'running')\n      returning",
      replace: "where thread_id = thread and runs.status in ('pending', 'running') and available_at < 'infinity'\n      returning",
    },
  ],
  caughtBy: ["interrupt-runs-in-line"],
} satisfies Defect;
