/** A cluster in maintenance mode that nobody took out of it again: everything is replicated, and nothing takes over. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "manager-promotes-nobody",
  claim: "HA-4",
  what: "No node may be promoted when the primary is gone.",
  edits: [{ file: "deploy/patroni.yaml.template", find: `nofailover: false`, replace: `nofailover: true` }],
  caughtBy: ["fail-over-postgres"],
} satisfies Defect;
