/** Marked down, the instance gets nothing new; what it was answering is lost all the same. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "stops-without-drain",
  claim: "AB-10",
  what: "An instance that is told to stop cuts off the requests that it is answering.",
  edits: [
    {
      file: "listen.ts",
      find: `  if (app.server.listening) {
    // Only the listener is closed`,
      replace: `  app.server.closeAllConnections();
  if (app.server.listening) {
    // Only the listener is closed`,
    },
  ],
  caughtBy: ["roll-the-api"],
} satisfies Defect;
