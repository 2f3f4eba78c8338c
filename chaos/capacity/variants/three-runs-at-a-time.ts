import type { Variant } from "../../../harness/capacity/study.ts";

export default {
  id: "three-runs-at-a-time",
  what: "Each queue instance executes three runs at a time.",
  environment: { queue: { RUNS_PER_INSTANCE: "3" } },
  caps: "instance limit",
} satisfies Variant;
