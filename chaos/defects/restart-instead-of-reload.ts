/** What was under way while the balancer changed over has to be sent again, by clients who know whether they may. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "restart-instead-of-reload",
  claim: "AB-7",
  what: "Whenever the balancer reads its configuration anew, its old workers are ended with all that they are answering, as by a restart.",
  edits: [{ file: "deploy/nginx.conf.template", find: `worker_processes 2;`, replace: `worker_processes 2;\nworker_shutdown_timeout 1ms;` }],
  caughtBy: ["scale-out-by-reload"],
} satisfies Defect;
