import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-2",
  statement: "The server begins to serve only after its database is healthy.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Docker Compose Configuration",
  decides: "Started without Postgres an instance is alive, not ready and does not crash; it is ready soon after Postgres is.",
  untried: {
    kind: "tested in the server",
    tests: ["health.test.ts", "main.test.ts"],
    reason: "One instance is started without a database there; no experiment starts a whole stack in the wrong order.",
  },
} satisfies Claim;
