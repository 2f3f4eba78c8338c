/** Only who says goodbye is crossed out: the registry of a long-lived instance is full of those who did not. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "clients-never-forgotten",
  claim: "HS-22",
  what: "A WebSocket client that breaks off without closing its connection stays in the registry of its instance.",
  edits: [
    {
      file: "sockets/clients.ts",
      find: `socket.on("close", () => answered.delete(socket));`,
      replace: `socket.on("close", (code) => code !== 1006 && answered.delete(socket));`,
    },
  ],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
