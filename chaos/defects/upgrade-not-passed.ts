/** The instance never learns that its client wants a WebSocket. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "upgrade-not-passed",
  claim: "HS-3",
  what: "The balancer does not pass on the header that asks for a WebSocket.",
  edits: [{ file: "deploy/nginx.conf.template", find: `        proxy_set_header Upgrade $http_upgrade;\n`, replace: "" }],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
