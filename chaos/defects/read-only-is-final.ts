/** A server that takes no writes will take none the next time, unless it is another one by then: after a failover statements of sessions that were there before fail for as long as these are kept. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "read-only-is-final",
  claim: "LG-14",
  what: "A statement that met a server which takes no writes, as a former primary, is not sent again.",
  edits: [{ file: "store/transient.ts", find: '"53300", "25006"', replace: '"53300"' }],
  caughtBy: ["repeat-statements"],
} satisfies Defect;
