/** Nobody stands back. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "any-region-will-do",
  claim: "HA-22",
  what: "The instances of other regions are no backup for a region's own: the balancer leads its clients to all of them in turn.",
  edits: [{ file: "deploy/nginx.ts", find: `instances.includes(address) ? "" : " backup"`, replace: `instances.includes(address) ? "" : ""` }],
  caughtBy: ["lose-a-region"],
} satisfies Defect;
