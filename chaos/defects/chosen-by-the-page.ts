/** A strategy that suits caches: what is asked for most makes one instance busiest. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "chosen-by-the-page",
  claim: "LG-13",
  what: "The balancer chooses an instance by the page that is asked for, whatever its configuration should say.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: `        {{#random}}
        random;`,
      replace: `        {{#random}}
        hash $uri;`,
    },
  ],
  caughtBy: ["balance-in-every-way"],
} satisfies Defect;
