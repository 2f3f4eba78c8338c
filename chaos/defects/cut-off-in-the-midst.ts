/** An end that looks after the connections at rest, and forgets those that are not. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cut-off-in-the-midst",
  claim: "LG-9",
  what: "An API instance that is told to stop closes every connection after half a second, with or without a request under way.",
  edits: [
    {
      file: "listen.ts",
      find: `    await settledWithin(connectionsEnded, Math.max(0, drainMs - lingerMs));
    stopping();
    await settledWithin(connectionsEnded, 1000);
`,
      replace: "",
    },
  ],
  caughtBy: ["stop-the-api-politely"],
} satisfies Defect;
