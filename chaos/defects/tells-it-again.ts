import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tells-it-again",
  claim: "HA-18",
  what: "That administrators were told of a failover is not noted, so that they are told of it each second.",
  edits: [{ file: "leader/announce.ts", find: `where token = $1", [failover.token]`, replace: `where token = $1 and false", [failover.token]` }],
  caughtBy: ["replace-the-active-instance"],
} satisfies Defect;
