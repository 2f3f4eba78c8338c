/** An instance whose clock is ahead finds every lock expired and enters beside its holder. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lease-by-own-clock",
  claim: "HS-6",
  what: "Whether a lock has expired is decided by the clock of the instance that asks instead of Postgres's.",
  edits: [
    {
      file: "locks/postgres-lock.ts",
      find: `where agent_id = $1 and (expires_at < clock_timestamp() or holder = $2)`,
      replace: `where agent_id = $1 and (expires_at < to_timestamp($4::float8 / 1000) or holder = $2)`,
    },
    {
      file: "locks/postgres-lock.ts",
      find: `(takeSql, [agentId, holder, leaseMs])`,
      replace: `(takeSql, [agentId, holder, leaseMs, Date.now()])`,
    },
  ],
  caughtBy: ["skew-clocks-under-locks"],
} satisfies Defect;
