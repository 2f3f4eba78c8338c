/** Two doors, one of them closed from behind. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "listens-while-it-waits",
  claim: "HA-18",
  what: "An instance that stands by opens its port and refuses whoever comes, so that the balancer leads clients to it.",
  edits: [
    {
      file: "instance.ts",
      find: "const opensWhenServing = isAlone || isSupervised(config);",
      replace: "const opensWhenServing = isSupervised(config);",
    },
  ],
  caughtBy: ["write-where-one-serves"],
} satisfies Defect;
