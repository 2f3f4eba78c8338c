/** nginx cannot tell a PUT that it has sent from one that it has not, and whoever did nothing about it has them end where nobody listens. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "puts-go-nowhere",
  claim: "HA-18",
  what: "The balancer of instances of which one serves does not find out which one before it passes a PUT on.",
  edits: [{ file: "deploy/nginx.ts", find: `once: "$active"`, replace: `once: "api"` }],
  caughtBy: ["write-where-one-serves"],
} satisfies Defect;
