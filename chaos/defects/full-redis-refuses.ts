/** What is full says no. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "full-redis-refuses",
  claim: "AB-18",
  what: "The manifest's Redis evicts nothing when its memory is full, and refuses writes.",
  edits: [{ file: "deploy/kubernetes/dependencies.yaml", find: `--maxmemory-policy allkeys-lru`, replace: `--maxmemory-policy noeviction` }],
  caughtBy: ["follow-the-manifests"],
} satisfies Defect;
