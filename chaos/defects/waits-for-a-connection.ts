/** A pool that is used up is a queue without an end, and its callers stand in it for as long as it takes. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "waits-for-a-connection",
  claim: "HA-5",
  what: "Whoever wants a connection of the pool waits until one is free.",
  edits: [
    { file: "store/postgres.ts", find: `    connectionTimeoutMillis: poolTimeoutMs,`, replace: `    connectionTimeoutMillis: 0,` },
    {
      file: "store/postgres.ts",
      find: `checkOut(Math.min(poolTimeoutMs, timeoutMs))`,
      replace: `checkOut(3_600_000)`,
    },
  ],
  caughtBy: ["overrun-the-pool"],
} satisfies Defect;
