/** Whoever gives up waiting is told so and takes itself out of the line when its turn comes, so that the line need not be changed twice. But a turn that is handed to somebody who has left is never given back: each client that breaks off while it waits takes one place from the instance for ever, until it answers nobody. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "place-kept-by-who-left",
  claim: "HS-22",
  what: "A request that gives up waiting stays in line, and the turn that is handed to it is lost.",
  edits: [
    {
      file: "routes/limiter.ts",
      find: "      const giveUp = (): void => {\n        line.delete(called);\n",
      replace: "      const giveUp = (): void => {\n",
    },
  ],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
