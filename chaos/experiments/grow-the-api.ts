/**
 * Measures capacity: turns that think for a fifth of a second arrive faster than three API instances may answer, each of which takes three requests at once, and the
 * number of instances grows from one to three in one run. A broken system does one thing at a time, however many instances there are.
 */
import { capacityGrows } from "../../harness/checkers/capacity-grows.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Requests that an instance answers at once: with 200 ms for each, 15 a second. */
const limit = { setting: "REQUEST_LIMIT", value: 3 };

const grows = [capacityGrows({ f: "turn", fault: "grow-limited", tolerance: 0.25, settleMs: 2000, serviceMs: 200 })];

export default {
  id: "grow-the-api",
  title: "Answers of one, two and three API instances that are full",
  profile: "nightly",
  topology: { api: 1, queue: 0 },
  proxied: [],
  load: { scenario: "read-and-think", perSecond: 70, settings: { TURN_SHARE: 1, THINK_MS: 200 } },
  schedule: () => [1, 2, 3].map((to, i) => ({ fault: "grow-limited", on: "api", atMs: i * 16_000, forMs: 100, options: { to, ...limit } })),
  settleMs: 12_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 0, steady: false },
  claims: { "HS-1": grows, "LG-13": grows },
} satisfies Experiment;
