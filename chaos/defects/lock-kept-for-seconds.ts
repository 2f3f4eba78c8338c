/** Milliseconds are taken for seconds where a lease is renewed: an agent whose holder dies late is locked for most of an hour. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-kept-for-seconds",
  claim: "HS-7",
  what: "A lease that is renewed lasts a thousand times as long as one that is taken.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: `  update agent_locks set expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  where agent_id = $1 and token = $2`,
      replace: `  update agent_locks set expires_at = clock_timestamp() + make_interval(secs => $3::float8)
  where agent_id = $1 and token = $2`,
    },
  ],
  caughtBy: ["kill-a-lock-holder"],
} satisfies Defect;
