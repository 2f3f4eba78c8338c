/** As documented where stickiness is wanted: whoever comes from one address has one instance, however many there are. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "random-by-the-address",
  claim: "LG-13",
  what: "The balancer that is to choose at random goes by the client's address.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: `        {{#random}}
        random;`,
      replace: `        {{#random}}
        ip_hash;`,
    },
  ],
  caughtBy: ["balance-in-every-way"],
} satisfies Defect;
