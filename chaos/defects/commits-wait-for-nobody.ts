/** The usual advice for speed. An acknowledged commit is in one process's memory for up to three rounds of the log writer, and on no other node. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "commits-wait-for-nobody",
  claim: "HA-3",
  what: "synchronous_commit is off, though replication is called synchronous.",
  edits: [{ file: "deploy/patroni.yaml.template", find: `synchronous_commit: "on"`, replace: `synchronous_commit: "off"` }],
  caughtBy: ["fail-over-postgres"],
} satisfies Defect;
