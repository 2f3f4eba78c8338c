/**
 * Measures how workers are best shared: four of them, each of which takes two requests at once, in one instance and in two, with more to do than they can; in either arrangement an
 * instance is killed. A broken system has workers that do not work beside each other, or instances that fall together.
 */
import { othersGoOn, workersCarryAlike } from "../../harness/checkers/arrangements.ts";
import type { Experiment, ScheduledFault } from "../../harness/core/experiment.ts";

/** Requests that a worker answers at once: with 400 ms for each, 5 a second. */
const limits = { workersSetting: "WORKERS", setting: "REQUEST_LIMIT", value: 2 };
const measured = { f: "turn", fault: "arrange-workers", tolerance: 0.25, settleMs: 2000, serviceMs: 400 };

export default {
  id: "arrange-workers",
  title: "Four workers in one instance and in two, of which one is killed",
  profile: "weekly",
  topology: { api: 1, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 40, settings: { TURN_SHARE: 1, THINK_MS: 400 } },
  schedule: () =>
    [1, 2].flatMap((instances, i): ScheduledFault[] => [
      { fault: "arrange-workers", on: "api", atMs: i * 45_000, forMs: 100, options: { ...limits, instances, workers: 4 / instances } },
      { fault: "kill", on: `api-${instances}`, atMs: i * 45_000 + 25_000 + i * 5000, forMs: 5000 },
    ]),
  settleMs: 15_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 0, steady: false },
  claims: { "AB-24": [workersCarryAlike(measured), othersGoOn({ ...measured, kill: "kill" })] },
} satisfies Experiment;
