/** The one who finds it old need not wait for the new one. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "old-while-it-is-renewed",
  claim: "HA-17",
  what: "The balancer answers with what is too old while it fetches what is new.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: "            proxy_cache_use_stale off;",
      replace: "            proxy_cache_use_stale updating;\n            proxy_cache_background_update on;",
    },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
