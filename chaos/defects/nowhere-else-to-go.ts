/** Each region for itself, also when there is nobody left in it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "nowhere-else-to-go",
  claim: "HA-22",
  what: "The balancer leads the clients of a region to its own instances only.",
  edits: [
    {
      file: "deploy/nginx.ts",
      find: `[...instances, ...all.filter((address) => !instances.includes(address))]`,
      replace: `all.filter((address) => instances.includes(address))`,
    },
  ],
  caughtBy: ["lose-a-region"],
} satisfies Defect;
