import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-15",
  statement: "A graceful shutdown loses no data while the deployment is scaled down.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Challenges and Best Practices",
  decides: "From five instances to two under load: every acknowledged operation is there afterwards, and what was unfinished is given back.",
  bound: { value: 0, unit: "acknowledged operations lost", why: "a graceful end is planned, so nothing excuses a loss" },
  untried: {
    kind: "tested in the server",
    tests: ["runs/drain.test.ts", "instance.test.ts", "routes/agent-socket.test.ts"],
    reason: "One instance is stopped there; experiments stop instances that come back (LG-9), and none shrinks the deployment.",
  },
} satisfies Claim;
