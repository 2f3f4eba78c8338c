/** A list of those who may, and a last line that lets in the others. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "everybody-let-in",
  claim: "AB-14",
  what: "The list of addresses lets everybody in.",
  edits: [{ file: "deploy/nginx.conf.template", find: "deny all;", replace: "allow all;" }],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
