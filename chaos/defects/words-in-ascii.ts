/** A word is what \w is. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "words-in-ascii",
  claim: "HS-5",
  what: "Texts are cut into words by the letters of ASCII.",
  edits: [
    {
      file: "agents/embedding.ts",
      find: "text.toLowerCase().match(/[\\p{L}\\p{N}]+/gu)",
      replace: "text.toLowerCase().match(/\\w+/g)",
    },
  ],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
