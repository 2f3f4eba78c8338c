/** A new container, and a new database. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "data-goes-with-its-pod",
  claim: "HS-20",
  what: "Postgres's data lies in a directory that goes with its pod.",
  edits: [
    {
      file: "deploy/kubernetes/dependencies.yaml",
      find: `              value: /var/lib/postgresql/data/pgdata`,
      replace: `              value: /var/lib/postgresql/pgdata`,
    },
  ],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
