/** Whoever was answered gives up his place; whoever was refused keeps it, and an outage uses all of them up. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "turn-kept-by-who-fails",
  claim: "LG-11",
  what: "A query that fails keeps its turn.",
  edits: [
    {
      file: "routes/query.ts",
      find: "    using _turn = await limiter.enter(patienceOf(reply, turnWithinMs, lifecycle.stopping));",
      replace: "    const turn = await limiter.enter(patienceOf(reply, turnWithinMs, lifecycle.stopping));",
    },
    {
      file: "routes/query.ts",
      find: "until: lifecycle.stopping });\n      return reply;",
      replace: "until: lifecycle.stopping });\n      turn[Symbol.dispose]();\n      return reply;",
    },
    {
      file: "routes/query.ts",
      find: "    return { answer: ended.result?.answer",
      replace: "    turn[Symbol.dispose]();\n    return { answer: ended.result?.answer",
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
