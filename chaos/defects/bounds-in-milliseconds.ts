/** A dashboard in milliseconds, and whoever asks for a quantile in seconds gets the largest bound of all. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "bounds-in-milliseconds",
  claim: "AB-17",
  what: "The page of metrics names the bounds of the buckets in milliseconds, and the sum of the times in seconds.",
  edits: [
    {
      file: "routes/operations.ts",
      find: "send(await metrics.scrape())",
      replace: 'send((await metrics.scrape()).replace(/(?<=\\ble=")[\\d.]+/g, (bound) => String(1000 * Number(bound))))',
    },
  ],
  caughtBy: ["count-requests"],
} satisfies Defect;
