/** The client that interrupts knows that it did, and the new run's stream tells the rest, so the cancelled run's last event looks like a duplicate of what everybody knows. Whoever streams the interrupted run waits for its end for ever, on this connection and on every later one. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "interrupted-without-a-word",
  claim: "LG-3",
  what: "A run that is cancelled because another one takes its place has no last event: its streams never end.",
  edits: [
    {
      file: "migrations/003-threads.sql",
      find: "), ended as (\n      insert into run_events (run_id, seq, attempt, kind, data)\n      select cancelled.id, last_seq, cancelled.attempt, 'end', jsonb_build_object('status', 'cancelled', 'result', null, 'error', null) from cancelled\n    )",
      replace: ")",
    },
  ],
  caughtBy: ["interrupt-runs-in-line"],
} satisfies Defect;
