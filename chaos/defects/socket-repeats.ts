/** From the number that the client has, and not from the one after it: whoever reconnects hears it twice. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "socket-repeats",
  claim: "HS-8",
  what: "Who resumes a socket gets the event that it has once more.",
  edits: [
    {
      file: "sockets/follow.ts",
      find: "await feed.read(agentId, after ?? latest);",
      replace: "await feed.read(agentId, after === undefined ? latest : Math.max(0, after - 1));",
    },
  ],
  caughtBy: ["broadcast-through-faults"],
} satisfies Defect;
