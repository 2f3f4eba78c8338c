/** Synchronous as long as there is a standby, and silently not when there is none: what Patroni's synchronous mode is unless it is called strict. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "strict-in-name-only",
  claim: "HA-3",
  what: "A primary that was to wait for a standby always goes on alone when it has none.",
  edits: [{ file: "deploy/patroni.yaml.template", find: `synchronous_mode_strict: {{strict}}`, replace: `synchronous_mode_strict: false` }],
  caughtBy: ["refuse-without-standbys"],
} satisfies Defect;
