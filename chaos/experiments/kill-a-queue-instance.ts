/**
 * Stresses crash recovery: queue instances are killed with SIGKILL in the middle of their runs, at the seed's moments, and come back under
 * the same name, while clients follow the events of runs. A broken system leaves their runs stuck, hands a live run to a second instance, completes one twice, lets the clients
 * of the others feel it, or numbers the events of a second attempt anew.
 */
import { availability } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { noneEndsByItself } from "../../harness/checkers/none-ends.ts";
import { noneFails } from "../../harness/checkers/none-fails.ts";
import { liveRunKept, requeuedInTime } from "../../harness/checkers/requeue.ts";
import { streamsKept } from "../../harness/checkers/streams-kept.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "kill-a-queue-instance",
  title: "Kill queue instances under load",
  profile: "smoke",
  safety: true,
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 60, settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 3, stepMs: 1000, tokens: 10 }]) } },
  streams: { ofCreated: "create", everyNth: 4 },
  schedule(random, topology) {
    const victims = random.shuffle(Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`));
    return [
      { fault: "kill", on: victims[0] ?? "queue-1", atMs: random.integer(0, 500), forMs: random.integer(2500, 3500) },
      { fault: "kill", on: victims[1 % victims.length] ?? "queue-1", atMs: random.integer(5000, 6000), forMs: random.integer(2500, 3500) },
    ];
  },
  settleMs: 30_000,
  drainMs: 32_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-5": exactlyOnce({ boundMs: 9_000 }),
    "LG-3": streamsKept({ wholeMs: 8000, silentMs: 12_000, firstMs: 3000 }),
    "LG-8": [requeuedInTime, liveRunKept, noneFails],
    "HA-2": [
      availability({ f: ["create"], atLeast: 0.99, fault: "kill", p95AddedMs: 500 }),
      availability({ f: ["wait"], atLeast: 0.99, fault: "kill" }),
      noneEndsByItself,
    ],
  },
} satisfies Experiment;
