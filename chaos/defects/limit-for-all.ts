/** One client that asks too often locks everybody out. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "limit-for-all",
  claim: "AB-13",
  what: "The rate limit counts all clients together.",
  edits: [{ file: "deploy/nginx.conf.template", find: `"~^/api/" $binary_remote_addr;`, replace: `"~^/api/" all;` }],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
