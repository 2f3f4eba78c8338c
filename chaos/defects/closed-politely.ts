/** Whoever does not answer is asked to go, as one asks everybody, and answers that no more than he did before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "closed-politely",
  claim: "HS-9",
  what: "A client that does not answer pings is asked to close its connection, and cut off only half a minute later.",
  edits: [
    {
      file: "sockets/clients.ts",
      find: `        socket.terminate();`,
      replace: `        socket.close(1001, "no answer to a ping");`,
    },
  ],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
