/** What a comparison has to find: nothing is wrong, it only takes a tenth longer. */
import type { Variant } from "../../../harness/capacity/study.ts";

export default {
  id: "slower-by-a-tenth",
  what: "Every step of a run takes a tenth longer.",
  edits: [{ file: "runs/model.ts", find: "  return step_ms;", replace: "  return 1.1 * step_ms;" }],
} satisfies Variant;
