/** Copied from the line above. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "health-names-another",
  claim: "HA-12",
  what: "The health page tells of Postgres where it should of Redis.",
  edits: [{ file: "health.ts", find: '["redis", check(() => redis.client.ping())],', replace: '["redis", checkPostgres(needs)],' }],
  caughtBy: ["ask-for-health"],
} satisfies Defect;
