import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-2",
  statement: "The server begins to serve only after its database is healthy.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Docker Compose Configuration",
  decides:
    "Everything is stopped, and all instances are started before Postgres: each is alive, not ready and does not end, and is ready soon after Postgres is there. And one whose migration is held up is alive and not ready for as long.",
  bound: { value: 5000, unit: "ms", why: "an instance asks again twice a second, and looks at the schema and its settings then" },
} satisfies Claim;
