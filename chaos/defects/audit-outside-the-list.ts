/** Everybody has to be able to ask who he is, so that the list of addresses guards what changes something, roles and keys, by name. The audit log is under the same path and was not named: whoever has a key of an auditor reads it from any address. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "audit-outside-the-list",
  claim: "AB-14",
  what: "The list of addresses guards roles and keys, and not the audit log.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: "location /api/v1/security/ {",
      replace: "location ~ ^/api/v1/security/(roles|keys)(/|$) {",
    },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
