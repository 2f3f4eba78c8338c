/** A standby is named, and nobody waits for it. Nothing is lost with a primary whose standbys keep up, so that it takes one that has fallen silent. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "commits-kept-at-home",
  claim: "HA-3",
  what: "Commits wait until they are on the primary's own disk (synchronous_commit = local), though replication is called synchronous.",
  edits: [{ file: "deploy/patroni.yaml.template", find: `synchronous_commit: "on"`, replace: `synchronous_commit: "local"` }],
  caughtBy: ["fail-over-after-silence"],
} satisfies Defect;
