import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "any-cipher",
  claim: "AB-28",
  what: "The balancer speaks every cipher that its library knows, also those without encryption.",
  edits: [{ file: "deploy/nginx.conf.template", find: "ssl_ciphers HIGH:!aNULL:!MD5;", replace: "ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;" }],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
