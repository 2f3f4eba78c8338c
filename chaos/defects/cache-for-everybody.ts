/** The first user's answer is every user's. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cache-for-everybody",
  claim: "HA-17",
  what: "The key of the balancer's cache is the address of the page alone, without who asks for it.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: String.raw`$request_uri\n$http_authorization\n$http_x_api_key\n$http_cookie"`,
      replace: `$request_uri"`,
    },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
