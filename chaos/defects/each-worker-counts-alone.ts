/** What one hand knows. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "each-worker-counts-alone",
  claim: "HA-7",
  what: "The balancer's processes do not share what they know of the instances.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: "        zone api 256k;\n",
      replace: "",
    },
  ],
  caughtBy: ["eject-a-failing-instance"],
} satisfies Defect;
