/**
 * Stresses the release of a lock, where locks are keys of Redis: an instance is stopped inside a critical section, as in `pause-a-lock-holder`, and gives up what it believes is still its lock
 * when it wakes up, while its successor is inside and others wait. A broken system lets one of these in beside the successor, whom nobody stopped; the rest shows as where locks are rows of Postgres.
 */
import type { Experiment } from "../../harness/core/experiment.ts";
import pauseALockHolder from "./pause-a-lock-holder.ts";

export default {
  ...pauseALockHolder,
  id: "pause-a-holder-in-redis",
  title: "Pause the holder of a lock in Redis beyond its lease and resume it",
  profile: "weekly",
  settings: { api: { LOCK_STRATEGY: "redis" } },
} satisfies Experiment;
