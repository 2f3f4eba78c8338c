import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-5",
  statement: "One shared Postgres with vector search serves all instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Shared PostgreSQL Database with pgvector",
  decides: "What one instance stores is found by similarity on every other, as an exact computation finds it.",
  untried: {
    kind: "tested in the server",
    tests: ["agents/archive.test.ts"],
    reason: "Recall is out of reach without an approximate index: an exact scan finds everything by definition.",
  },
} satisfies Claim;
