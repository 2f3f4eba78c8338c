import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "metrics-of-one-worker",
  claim: "AB-17",
  what: "A scrape tells what one of the workers has counted.",
  edits: [{ file: "metrics.ts", find: "scrape: () => link?.scrape() ?? registry.metrics()", replace: "scrape: () => registry.metrics()" }],
  caughtBy: ["count-requests"],
} satisfies Defect;
