import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-20",
  statement: "Data survives a new database container, and the schema is made at the first start.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Shared PostgreSQL Database with pgvector",
  decides: "The data directory outlives its server, and N instances that start at once on an empty database migrate once.",
  bound: { value: 1, unit: "application of each migration", why: "however many instances start at once" },
  untried: {
    kind: "tested in the server",
    tests: ["store/postgres.test.ts"],
    reason: "Instances start together on an empty database there; volumes of containers are out of reach.",
  },
} satisfies Claim;
