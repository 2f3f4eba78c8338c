/** The first failover is perfect. A leader that died with more in its log than its standby can neither rewind nor be copied anew, and after two there is nobody left to promote. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "former-leader-stays-out",
  claim: "HA-4",
  what: "A node that was replaced as the leader does not come back as a standby.",
  edits: [
    {
      file: "deploy/patroni.yaml.template",
      find: `      use_pg_rewind: true`,
      replace: `      use_pg_rewind: false`,
    },
    {
      file: "deploy/patroni.yaml.template",
      find: `  remove_data_directory_on_diverged_timelines: true`,
      replace: `  remove_data_directory_on_diverged_timelines: false`,
    },
  ],
  caughtBy: ["fail-over-postgres"],
} satisfies Defect;
