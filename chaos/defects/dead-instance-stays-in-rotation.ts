/** Until its supervisor has started it again, a dead instance is given its share of the requests, and each of them fails. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "dead-instance-stays-in-rotation",
  claim: "HA-2",
  what: "The balancer takes no instance out of rotation and asks no other one when the one that it has picked refuses.",
  edits: [
    {
      file: "deploy/nginx.ts",
      find: `maxFails = 3, failTimeoutS = 30`,
      replace: `maxFails = 0, failTimeoutS = 30`,
    },
    {
      file: "deploy/nginx.conf.template",
      find: `            proxy_next_upstream error timeout non_idempotent;
            proxy_next_upstream_tries 3;`,
      replace: `            proxy_next_upstream off;`,
    },
  ],
  caughtBy: ["kill-an-api-instance"],
} satisfies Defect;
