/** Advice for speed twice: a commit is answered before its log is written, and the log is written now and then. Standbys get only what was written. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "log-written-late",
  claim: "HA-15",
  what: "Commits do not wait for the log to be written, which happens once in ten seconds.",
  edits: [
    {
      file: "deploy/patroni.yaml.template",
      find: `synchronous_commit: "on"`,
      replace: `synchronous_commit: "off"\n        wal_writer_delay: 10s\n        wal_writer_flush_after: 64MB`,
    },
  ],
  caughtBy: ["lose-a-distant-primary"],
} satisfies Defect;
