import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-5",
  statement: "One shared Postgres with vector search serves all instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Shared PostgreSQL Database with pgvector",
  decides:
    "What an agent was told to remember through one instance is among the nearest when it is searched for through any: recall against exact search, which the server's tests compute by hand, is 1 by definition here, because an exact scan answers.",
} satisfies Claim;
