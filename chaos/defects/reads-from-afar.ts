/** A region that was set up without its replica: everything works, and takes as long as before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "reads-from-afar",
  claim: "HA-22",
  what: "The instances of the second region read from the primary in the first.",
  edits: [{ file: "deploy/regions.ts", find: "return own;", replace: "return { redis: own.redis };" }],
  caughtBy: ["lose-a-region"],
} satisfies Defect;
