/** What is compared is what the first version of the API knew. A client that asks for the same run in another way, under a key that it has used, gets the first one and a success. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "hash-without-options",
  claim: "FR-9",
  what: "A body that differs in how its model's time is distributed, or in what fails, passes for the same.",
  edits: [
    {
      file: "runs/create.ts",
      find: "const options = [latency, seed, tokens, fail_with?.step, fail_with?.message, webhook];",
      replace: "const options = [seed, tokens, webhook];\n  void [latency, fail_with];",
    },
  ],
  caughtBy: ["repeat-creates"],
} satisfies Defect;
