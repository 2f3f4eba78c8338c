import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "neighbours-let-in",
  claim: "AB-14",
  what: "The allow-list lets in the whole network of an address.",
  edits: [
    {
      file: "deploy/nginx.ts",
      find: "securityAllow?.map((address) =>",
      replace: 'securityAllow?.map((given) => (/^[0-9.]+$/.test(given) ? given.replace(/[0-9]+$/, "0/24") : given)).map((address) =>',
    },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
