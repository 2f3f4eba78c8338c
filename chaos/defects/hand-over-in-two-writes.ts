/** A run that Redis was not told of waits for ever. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "hand-over-in-two-writes",
  claim: "FR-8",
  what: "A new run can be claimed only after Redis has been told of it, and nobody comes back to one that it was not told of.",
  edits: [
    {
      file: "routes/runs.ts",
      find: `      if (outcome === "created") announce(redis, readyChannel, run.id);`,
      replace: `      if (outcome === "created") {
        await redis.client
          .publish(readyChannel, run.id)
          .then(() => db.query("update runs set available_at = now() where id = $1", [run.id]))
          .catch(() => {});
        announce(redis, readyChannel, run.id);
      }`,
    },
    {
      file: "runs/create.ts",
      find: `insert into runs (id, idempotency_key, request_hash, agent_id, input, traceparent, webhook) values ($1, $2, $3, $4, $5, $6, $7)`,
      replace: `insert into runs (id, idempotency_key, request_hash, agent_id, input, traceparent, webhook, available_at) values ($1, $2, $3, $4, $5, $6, $7, now() + interval '1 day')`,
    },
  ],
  caughtBy: ["kill-redis-between-steps"],
} satisfies Defect;
