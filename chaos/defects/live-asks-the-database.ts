/** As seed 000 has its liveness probe do: an outage of the database then restarts every instance. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "live-asks-the-database",
  claim: "AB-8",
  what: "An instance says that it is alive only while Postgres answers.",
  edits: [
    {
      file: "routes/operations.ts",
      find: `async () => ({ live: true as const }));`,
      replace: `async (_request, reply) => {
    if ((await checkPostgres(context)).status === "down") reply.code(503);
    return { live: true as const };
  });`,
    },
  ],
  caughtBy: ["ask-for-health"],
} satisfies Defect;
