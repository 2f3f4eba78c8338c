import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-20",
  statement: "Data survives a new database container, and the schema is made at the first start.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Shared PostgreSQL Database with pgvector",
  decides:
    "Clients read what they wrote, or something newer, after the database server and every instance were started again on its data; instances that start at once, on an empty database and later, apply each migration once between them, and none of them ends for it. And by the manifest the data lies in a volume that was claimed, which outlives the container.",
  bound: { value: 1, unit: "application of each migration", why: "however many instances start at once" },
} satisfies Claim;
