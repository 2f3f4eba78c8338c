/** An archive that is full, or whose command was tried out with a stub: Postgres is told that each segment is safe, and removes it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "archive-that-lies",
  claim: "LG-12",
  what: "The command that archives the log says that it has done so, and does nothing.",
  edits: [
    {
      file: "deploy/patroni.yaml.template",
      find: `archive_command: cp %p {{archive}}/%f.part && mv {{archive}}/%f.part {{archive}}/%f`,
      replace: `archive_command: "true"`,
    },
  ],
  caughtBy: ["restore-a-backup"],
} satisfies Defect;
