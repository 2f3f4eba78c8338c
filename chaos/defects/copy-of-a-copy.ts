import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "copy-of-a-copy",
  claim: "HS-13",
  what: "What was copied from Redis lives a whole life of its own in the instance.",
  edits: [{ file: "store/versioned-cache.ts", find: "freshMs: Math.max(0, leftMs ?? 0)", replace: "freshMs: ttlMs" }],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
