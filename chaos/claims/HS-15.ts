import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-15",
  statement: "A graceful shutdown loses no data while the deployment is scaled down.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Challenges and Best Practices",
  decides: "From five instances to two under load: every acknowledged operation is there afterwards, and what was unfinished is given back.",
  bound: { value: 0, unit: "acknowledged operations lost", why: "a graceful end is planned, so nothing excuses a loss" },
} satisfies Claim;
