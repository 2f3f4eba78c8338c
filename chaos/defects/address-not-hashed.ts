/** The configuration says nothing of it: round robin is what nginx does then. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "address-not-hashed",
  claim: "HS-4",
  what: "The balancer's configuration leaves ip_hash out.",
  edits: [{ file: "deploy/nginx.conf.template", find: "        ip_hash;\n", replace: "" }],
  caughtBy: ["keep-to-one-instance"],
} satisfies Defect;
