/** A key for what is told, it was thought, and what is told is always that there was a failover. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "one-key-for-all-failovers",
  claim: "HA-18",
  what: "Notices of all failovers of a seat carry the same idempotency key.",
  edits: [
    {
      file: "leader/announce.ts",
      find: `"Idempotency-Key": \`failover-\${token}\``,
      replace: `"Idempotency-Key": \`failover-\${name.replaceAll(" ", "-")}\``,
    },
  ],
  caughtBy: ["replace-the-active-instance"],
} satisfies Defect;
