import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tells-nobody",
  claim: "HA-18",
  what: "Administrators are told of a failover once: where their receiver is busy just then, they never hear of it.",
  edits: [
    {
      file: "leader/announce.ts",
      find: `if (!response.ok) throw`,
      replace: `if (response.status === 0) throw`,
    },
  ],
  caughtBy: ["replace-the-active-instance"],
} satisfies Defect;
