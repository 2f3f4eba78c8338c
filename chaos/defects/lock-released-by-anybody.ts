/** A sleeper that wakes up tidies up after itself, and opens the door behind which its successor is at work. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-released-by-anybody",
  claim: "HS-6",
  what: "Releasing a lock removes it, whoever holds it by then.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: `"delete from agent_locks where agent_id = $1 and token = $2"`,
      replace: `"delete from agent_locks where agent_id = $1 and $2::bigint > 0"`,
    },
  ],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;
