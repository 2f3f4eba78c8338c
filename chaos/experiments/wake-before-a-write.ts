/**
 * Stresses the entry of a lock's next holder: an instance is stopped inside a critical section until its lease is over and another has entered and read, and wakes up while that one still thinks. What the sleeper writes
 * then, its successor does not know of. A broken system accepts it, tells so, and lets the successor write over it.
 */
import { appendsKept } from "../../harness/checkers/appends-kept.ts";
import { staleWriteRefused, wokenBeforeAWrite } from "../../harness/checkers/fencing.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "wake-before-a-write",
  title: "Resume a paused lock holder before its successor has written",
  profile: "weekly",
  safety: "weekly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  // A tool thinks for half a lease: it is done while its holder sleeps, who therefore writes at once, before he looks at his lease.
  load: { scenario: "append-texts", perSecond: 60, settings: { THINK_MS: 1500 } },
  // A holder is stopped when 0.1 to 0.35 s of its lease of 3 s are over. Who waits has entered 2.65 to 2.96 s later, and writes after 4.15 s at the earliest.
  schedule: (random) =>
    [0, 1, 2].map((i) => ({ fault: "pause", on: "holder-of-lock", atMs: i * 8000 + random.integer(0, 500), forMs: random.integer(3200, 3900) })),
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "HA-13": [appendsKept({ append: "append", read: "readBlock" }), wokenBeforeAWrite, staleWriteRefused],
    "HS-6": [mutualExclusion],
  },
} satisfies Experiment;
