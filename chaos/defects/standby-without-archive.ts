/** A standby that was set up for streaming alone: it follows well, until it has been away for too long. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "standby-without-archive",
  claim: "HA-19",
  what: "The standby does not restore from the archive.",
  edits: [{ file: "deploy/postgres-standby.conf.template", find: `restore_command = 'cp {{archive}}/%f %p'`, replace: `restore_command = ''` }],
  caughtBy: ["leave-a-standby-behind"],
} satisfies Defect;
