/**
 * Stresses what answers early while Postgres is far away: reads of a copy beside reads of the record, runs that are accepted beside runs that are waited for. A broken
 * system asks the record first, or does the work before it answers.
 */
import { answeredSooner } from "../../harness/checkers/paired-latency.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "answer-early",
  title: "Copies and acceptances beside records and results, with a distant Postgres",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  proxied: ["api->postgres"],
  load: { scenario: "answer-early", perSecond: 40 },
  schedule: (random) => [
    { fault: "latency", on: "*->postgres", atMs: random.integer(0, 500), forMs: random.integer(12_000, 13_000), options: { latencyMs: 10 } },
  ],
  settleMs: 30_000,
  drainMs: 20_000,
  coverage: { operations: 1200, operationsPerFault: 200, steady: true },
  claims: {
    "HA-24": [
      answeredSooner({ fast: "peekAgent", slow: "readBlock", during: "latency" }),
      answeredSooner({ fast: "create", slow: "wait", during: "latency" }),
    ],
  },
} satisfies Experiment;
