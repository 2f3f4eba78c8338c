/** What was said while the client was between two connections is never told to it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "socket-resumes-from-now",
  claim: "HS-8",
  what: "A client that connects again is sent what comes from then on, whatever it says it has.",
  edits: [
    {
      file: "routes/agent-socket.ts",
      find: `after: after === undefined ? undefined : Number(after), over`,
      replace: `after: undefined, over`,
    },
  ],
  caughtBy: ["broadcast-through-faults"],
} satisfies Defect;
