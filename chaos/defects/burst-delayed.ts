/** A bucket without `nodelay`: the burst is admitted and stands in line at the balancer, where clients see it as slowness. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "burst-delayed",
  claim: "AB-13",
  what: "What is admitted beyond the rate waits for its place.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: "limit_req zone=clients burst={{burst}} nodelay;",
      replace: "limit_req zone=clients burst={{burst}};",
    },
  ],
  caughtBy: ["harden-the-balancer"],
} satisfies Defect;
