import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-7",
  statement: "Clearing locks keeps the lock table from growing without bound.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Per-Agent Lock Manager",
  decides:
    "While hundreds of agents take turns and an instance is killed, there are never more records of locks than turns that are or may be under way, and those of the dead go, also where nobody comes back to their agent; and an agent whose holder died is had again when its lease is over, also if an operator had cleared its lock, in Postgres or in Redis; a holder that lives leaves within a lease of that, whatever it has left to do.",
  bound: { value: 0, unit: "records", why: "of agents whose lock nobody holds; one whose holder was killed stays for a minute" },
} satisfies Claim;
