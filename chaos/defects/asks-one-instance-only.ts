/** The instance that its memory limit ended has the fewest requests under way, so the balancer picks it most of all, and nobody else answers for it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "asks-one-instance-only",
  claim: "AB-25",
  what: "The balancer asks one instance for each request, and forgets at once that it refused: what a limit does to one is felt by everybody.",
  edits: [
    { file: "deploy/nginx.ts", find: `maxFails = 3, failTimeoutS = 30`, replace: `maxFails = 0, failTimeoutS = 30` },
    {
      file: "deploy/nginx.conf.template",
      find: `            proxy_next_upstream error timeout non_idempotent;
            proxy_next_upstream_tries 3;`,
      replace: `            proxy_next_upstream error timeout non_idempotent;
            proxy_next_upstream_tries 1;`,
    },
  ],
  caughtBy: ["run-out-of-memory"],
} satisfies Defect;
