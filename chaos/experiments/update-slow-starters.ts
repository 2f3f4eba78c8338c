/**
 * Stresses a rolling update of instances that take longer to start than the guide's script waits: first the next one is replaced when the last one says that it is ready, then
 * 10 s after it, as the script does. A broken instance says that it is ready before it is, so that nobody serves for a time, whoever waits for its word.
 */
import { failsForWantOfReadiness, noneFailed } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const f = ["turn", "peekSession"];
const pauseMs = 10_000;
/** Longer than the pause, and within what a driver gives an instance to start. */
const slow = { table: "schema_migrations", slowMs: pauseMs + 2000 };

export default {
  id: "update-slow-starters",
  title: "Update instances that start slowly, by readiness and by a pause of 10 s",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 30 },
  schedule: (random) => {
    const atMs = random.integer(0, 500);
    return [
      { fault: "update-by-readiness", on: "api", atMs, forMs: 500, options: slow },
      { fault: "update-by-pause", on: "api", atMs: atMs + 60_000, forMs: 500, options: { ...slow, pauseMs } },
    ];
  },
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: { "AB-26": [noneFailed({ f, fault: "update-by-readiness" }), failsForWantOfReadiness({ f, fault: "update-by-pause" })] },
} satisfies Experiment;
