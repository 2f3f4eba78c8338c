/** The queue of a framework that knows no attempts: whoever retries enqueues, and what was there is still there. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "requeue-makes-a-second-run",
  claim: "LG-5",
  what: "A run that is given back is put into the queue a second time, as another run beside it.",
  edits: [
    {
      file: "runs/attempt-writes.ts",
      find: `       returning last_seq
     )
     insert into run_events (run_id, seq, attempt, kind, data)
     select $1, last_seq, $2, 'requeue'`,
      replace: `       returning last_seq, request_hash, agent_id, input
     ), enqueued as (
       insert into runs (id, idempotency_key, request_hash, agent_id, input)
       select gen_random_uuid(), 'retry:' || gen_random_uuid(), request_hash, agent_id, input from requeued
     )
     insert into run_events (run_id, seq, attempt, kind, data)
     select $1, last_seq, $2, 'requeue'`,
    },
  ],
  caughtBy: ["kill-a-queue-instance"],
} satisfies Defect;
