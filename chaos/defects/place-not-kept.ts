/** Only a client that always comes back to the same memory could be told what is new to it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "place-not-kept",
  claim: "HS-18",
  what: "A client whose WebSocket is moved to another connection is told everything from the beginning, whatever it says it has.",
  edits: [
    {
      file: "routes/agent-socket.ts",
      find: `after: after === undefined ? undefined : Number(after), over`,
      replace: `after: after === undefined ? undefined : 0, over`,
    },
  ],
  caughtBy: ["move-sockets-without-affinity"],
} satisfies Defect;
