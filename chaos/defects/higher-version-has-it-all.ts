/** What is further on knows what came before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "higher-version-has-it-all",
  claim: "HA-23",
  what: "A document of an agent that is there and has as many changes or more is taken for imported already.",
  edits: [
    {
      file: "agents/document.ts",
      find: "} as same",
      replace: "} or version >= ($2::jsonb->>'version')::bigint as same",
    },
  ],
  caughtBy: ["merge-two-histories"],
} satisfies Defect;
