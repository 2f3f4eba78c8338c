/**
 * Stresses the end of a lock whose holder cannot give it back: instances are killed with SIGKILL inside critical sections, one that has just begun and one that has lasted
 * for so long that its lease has been renewed. A broken system lets the next one in beside a holder that lives, or keeps everybody out after one that is dead.
 */
import { noLostUpdate } from "../../harness/checkers/fencing.ts";
import { lockComesFree } from "../../harness/checkers/lock-comes-free.ts";
import { lockKept } from "../../harness/checkers/lock-kept.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "kill-a-lock-holder",
  title: "Kill instances inside critical sections, early and late",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "take-turns", perSecond: 60 },
  schedule: (random) => [
    { fault: "kill", on: "holder-of-lock", atMs: random.integer(0, 500), forMs: random.integer(1500, 2500) },
    { fault: "kill", on: "long-holder-of-lock", atMs: 10_000 + random.integer(0, 500), forMs: random.integer(1500, 2500) },
  ],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 50_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "HS-6": [mutualExclusion, noLostUpdate, lockComesFree({ f: ["turn"] }), lockKept({ f: ["turn"] })],
    "HS-7": [lockComesFree({ f: ["turn"] })],
  },
} satisfies Experiment;
