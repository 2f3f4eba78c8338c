/**
 * Stresses the per-agent lock: an instance is stopped (SIGSTOP) inside a critical section until its lease is long over and others have
 * taken the lock and written, then it wakes up in the middle of its work and writes what it believes is still its to write. A broken
 * system lets two turns of one agent overlap without any fault, or accepts the sleeper's write over its successor's, or leaves a lock idle that others wait for.
 */
import { noLostUpdate, pausedHolderRefused, staleWriteRefused } from "../../harness/checkers/fencing.ts";
import { lockComesFree } from "../../harness/checkers/lock-comes-free.ts";
import { lockKept } from "../../harness/checkers/lock-kept.ts";
import { lockGoesOn } from "../../harness/checkers/lock-waiting.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "pause-a-lock-holder",
  title: "Pause a lock holder beyond its lease and resume it",
  profile: "smoke",
  safety: true,
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "take-turns", perSecond: 60 },
  schedule: (random) =>
    [0, 1, 2].map((i) => ({ fault: "pause", on: "holder-of-lock", atMs: i * 7500 + random.integer(0, 500), forMs: random.integer(4500, 5200) })),
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    // Whoever waits asks every 60 ms, and is refused after 10 s.
    "HS-6": [
      mutualExclusion,
      noLostUpdate,
      lockComesFree({ f: ["turn"] }),
      lockKept({ f: ["turn"] }),
      lockGoesOn({ handOverMs: 1000, waitMs: 9000 }),
    ],
    "HA-13": [staleWriteRefused, pausedHolderRefused],
  },
} satisfies Experiment;
