import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "usual-body-size",
  claim: "AB-30",
  what: "The balancer says nothing of the size of documents, so that nginx refuses what is larger than its usual megabyte.",
  edits: [{ file: "deploy/nginx.conf.template", find: "client_max_body_size 8m;", replace: "client_max_body_size 1m;" }],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
