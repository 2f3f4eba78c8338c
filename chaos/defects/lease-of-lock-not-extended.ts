/** A holder that works for longer than its lease believes that it has renewed it: others come in beside it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lease-of-lock-not-extended",
  claim: "HS-6",
  what: "The renewal of a lock finds its record and does not extend its lease.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: `  update agent_locks set expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  where agent_id = $1 and token = $2`,
      replace: `  update agent_locks set expires_at = case when $3::float8 > 0 then expires_at end
  where agent_id = $1 and token = $2`,
    },
  ],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;
