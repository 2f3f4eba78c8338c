/** What many do to a slow primary. The standby is named as synchronous, and no session waits for it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "pair-commits-wait-for-nobody",
  claim: "HA-3",
  what: "synchronous_commit is off on a primary whose standby is promoted by hand.",
  edits: [{ file: "deploy/postgres-primary.conf.template", find: `synchronous_commit = on`, replace: `synchronous_commit = off` }],
  caughtBy: ["promote-the-standby"],
} satisfies Defect;
