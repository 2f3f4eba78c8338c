/**
 * Stresses what is said when things go wrong: Postgres and Redis die and come back, and writes fail for good, while logs, command lines and answers of every instance
 * are searched for the passwords they were given, and at last for an API key that was made meanwhile. A broken system tells one to whoever may read its log.
 */
import { secretsKept } from "../../harness/checkers/looks.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const paths = "/metrics /api/v1/health /api/v1/monitoring/ready /api/v1/monitoring/live /api/v1/openapi.json /api/v1/agents/nobody /nowhere";

/** The pages tell of it by its id: the audit log of who made it. */
const newKey = {
  keys: "/api/v1/security/keys",
  keyBody: JSON.stringify({ principal: "admin" }),
  keyBy: "ADMIN_API_KEY",
  keyPaths: "/api/v1/security/me /api/v1/security/roles /api/v1/security/audit",
};

export default {
  id: "look-for-secrets",
  title: "Search what instances show for their secrets while everything fails",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    {
      ...{ fault: "restart-postgres", on: "postgres", atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) },
      options: { mode: random.pick(["fast", "immediate", "kill"]) },
    },
    { fault: "look-for-secrets", on: "secrets", atMs: 1500, forMs: 1000, options: { paths } },
    { fault: "restart-redis", on: "redis", atMs: 8000 + random.integer(0, 500), forMs: random.integer(1500, 2500) },
    { fault: "look-for-secrets", on: "secrets", atMs: 9500, forMs: 1000, options: { paths } },
    {
      ...{ fault: "inject-sqlstate", on: "postgres", atMs: 15_000 + random.integer(0, 500), forMs: 3000 },
      options: { table: "runs", write: "insert", percent: 50, seed: random.integer(0, 1_000_000), sqlstate: "23514" },
    },
    {
      ...{ fault: "look-for-secrets", on: "secrets", atMs: 16_500, forMs: 1000 },
      options: { paths, ...newKey, post: "/api/v1/runs", body: JSON.stringify({ input: { steps: 1, step_ms: 10 } }) },
    },
  ],
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: { "HS-11": [secretsKept] },
} satisfies Experiment;
