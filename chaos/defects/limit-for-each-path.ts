import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "limit-for-each-path",
  claim: "AB-13",
  what: "Every path has a bucket of its own.",
  edits: [{ file: "deploy/nginx.conf.template", find: '"~^/api/" $binary_remote_addr;', replace: '"~^/api/" $binary_remote_addr$uri;' }],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
