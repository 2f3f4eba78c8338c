/**
 * Stresses who is believed: beside the load, processes are started with the same setting given in the environment, in a .env file and in files that either names, each alone
 * and in pairs. A broken system goes by the .env file against its operator, does not read a secret that was mounted, picks one of two where nobody can know which was
 * meant, or tells the secret when it complains.
 */
import { settingsTaken } from "../../harness/checkers/settings-taken.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const settings = { secret: "ADMIN_API_KEY", plain: "INSTANCE_ID" };

export default {
  id: "give-settings-twice",
  title: "Settings given in the environment, in a .env file and in files of secrets",
  profile: "weekly",
  topology: { api: 1, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 30 },
  schedule: (random) => [
    {
      fault: "give-settings-twice",
      on: "settings",
      atMs: random.integer(0, 1000),
      forMs: 200,
      options: {
        ...{ ...settings, ask: "/api/v1/security/me", header: "x-instance-id", ready: "/api/v1/monitoring/ready" },
        ...{ port: "PORT", database: "DATABASE_URL", cache: "REDIS_URL", others: "ROLE=api", refusal: "exit 78" },
      },
    },
  ],
  settleMs: 5000,
  drainMs: 0,
  coverage: { operations: 300, operationsPerFault: 0, steady: false },
  claims: { "HS-19": [settingsTaken(settings)] },
} satisfies Experiment;
