import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "stale-when-away",
  claim: "HA-17",
  what: "Old answers are served while the instances are away.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: "proxy_cache_use_stale off;",
      replace: "proxy_cache_use_stale error timeout updating http_502 http_503 http_504;",
    },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
