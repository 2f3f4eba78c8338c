import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "recycled-without-drain",
  claim: "AB-12",
  what: "A worker that is replaced ends at once, with everything that it is answering.",
  edits: [{ file: "main.ts", find: "  await instance.retire(retireWithinMs);\n", replace: "  void instance, retireWithinMs;\n  process.exit(0);\n" }],
  caughtBy: ["recycle-workers"],
} satisfies Defect;
