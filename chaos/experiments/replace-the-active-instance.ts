/**
 * Stresses instances of which one serves while another stands by: the active one of each role is stopped until the other serves and then wakes up, and the next one is killed. A broken
 * deployment has two that serve when the sleeper wakes up, or nobody, or leaves its clients where nobody listens, or tells its administrators nothing, or the same again and again.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { oneActive } from "../../harness/checkers/one-active.ts";
import { replacedIsGone } from "../../harness/checkers/replaced-is-gone.ts";
import { takenOver, trafficLed } from "../../harness/checkers/taken-over.ts";
import { toldOnce } from "../../harness/checkers/told-once.ts";
import type { Experiment, ScheduledFault } from "../../harness/core/experiment.ts";

const faults = ["pause-active", "kill-active"];
/** The one that wakes up is left alone for so long before it is started again (ms): whatever it had begun, it can go on with. */
const aloneMs = 4000;
/** From one strike to the next, which waits until one serves again and one stands by (ms). */
const everyMs = 28_000;

export default {
  id: "replace-the-active-instance",
  title: "Stop, wake and kill the active instance of each role while another stands by",
  profile: "weekly",
  layout: "passive",
  topology: { api: 2, queue: 2 },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 20 },
  schedule(random) {
    const strike = (fault: string, on: string, n: number): ScheduledFault => ({
      ...{ fault, on, atMs: n * everyMs + random.integer(0, 1000), forMs: random.integer(0, 1500) },
      ...(fault === "pause-active" ? { options: { aloneMs } } : {}),
    });
    return [strike("pause-active", "api", 0), strike("pause-active", "queue", 1), strike("kill-active", "api", 2), strike("kill-active", "queue", 3)];
  },
  settleMs: 40_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 90, steady: true },
  claims: {
    "HA-1": [
      takenOver({ faults }),
      oneActive({ startedAgainMs: { "pause-active": aloneMs, "kill-active": 0 } }),
      // Its own lease was over long before it woke up.
      replacedIsGone({ fault: "pause-active", aloneMs, withinMs: 2000 }),
      noAcknowledgedWriteLost,
    ],
    // The balancer gives an instance up that does not take its connection within a second.
    "HA-18": [trafficLed({ faults, f: "create", balancerMs: 1000 }), toldOnce({ faults })],
  },
} satisfies Experiment;
