/** An archive command that was tried out with a stub: the primary is told that each segment is safe, and removes it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "archive-of-nothing",
  claim: "HA-19",
  what: "The command that archives the log for a standby says that it has done so, and does nothing.",
  edits: [
    {
      file: "deploy/postgres-primary.conf.template",
      find: `archive_command = 'cp %p {{archive}}/%f.part && mv {{archive}}/%f.part {{archive}}/%f'`,
      replace: `archive_command = 'true'`,
    },
  ],
  caughtBy: ["leave-a-standby-behind"],
} satisfies Defect;
