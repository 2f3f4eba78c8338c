/** New connections go where they should, and those that are there stay where they are: with the old primary, for as long as it lives. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "sessions-not-cut",
  claim: "HA-13",
  what: "Sessions with a primary that leads no more are not ended.",
  edits: [{ file: "deploy/haproxy.cfg.template", find: ` on-marked-down shutdown-sessions`, replace: `` }],
  caughtBy: ["orphan-the-primary"],
} satisfies Defect;
