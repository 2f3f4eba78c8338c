/** As on a server that was set up for old clients: OpenSSL 3 has to be told twice. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "old-versions-spoken",
  claim: "AB-15",
  what: "The balancer speaks TLS 1.1.",
  edits: [
    { file: "deploy/nginx.conf.template", find: "ssl_protocols TLSv1.2 TLSv1.3;", replace: "ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;" },
    { file: "deploy/nginx.conf.template", find: "ssl_ciphers HIGH:!aNULL:!MD5;", replace: "ssl_ciphers HIGH:!aNULL:!MD5:@SECLEVEL=0;" },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
