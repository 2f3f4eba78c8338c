/** Whoever can write a header is an administrator's machine. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "address-from-a-header",
  claim: "AB-14",
  what: "The balancer takes a client's address from X-Forwarded-For, whoever sent it.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: `        proxy_http_version 1.1;`,
      replace: `        set_real_ip_from 0.0.0.0/0;
        real_ip_header X-Forwarded-For;
        proxy_http_version 1.1;`,
    },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
