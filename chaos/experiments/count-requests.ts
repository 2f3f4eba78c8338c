/**
 * Stresses what instances tell of themselves: their counters of requests and times are read twice under load, with some writes failing for good between, and held
 * against what the clients saw. A broken instance counts a request twice or not at all, passes over those that it failed, or tells times that nobody waited for.
 */
import { countersTold } from "../../harness/checkers/counters-told.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "count-requests",
  title: "Counters of requests and times against what clients saw",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  // An instance tells what all its workers have counted.
  settings: { api: { WORKERS: "2" } },
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule: (random) => [
    {
      ...{ fault: "inject-sqlstate", on: "postgres", atMs: random.integer(2000, 2500), forMs: 2500 },
      options: { table: "runs", write: "insert", percent: 30, seed: random.integer(0, 1_000_000), sqlstate: "23514" },
    },
    {
      fault: "read-counters",
      on: "counters",
      atMs: random.integer(0, 1000),
      forMs: 200,
      options: {
        ...{ role: "api", page: "/metrics", counter: "http_requests_total", seconds: "http_request_duration_seconds_sum" },
        buckets: "http_request_duration_seconds_bucket",
        ...{ except: "^/api/v1/(monitoring|health)|^/metrics", overMs: random.integer(6000, 9000) },
      },
    },
  ],
  settleMs: 20_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "AB-17": [countersTold] },
} satisfies Experiment;
