/**
 * The guide's own configuration, three instances of two workers, at the service times that both ends of its ranges imply, 360 / S a minute, and at the 5 s of its
 * calculator. Times are 20 times shorter than the guide's, so what a request costs besides counts 20 times as much.
 */
import type { RatesStudy } from "../../../harness/capacity/study.ts";
import { oneQuery, placesForQueries, placesForRuns, poolOfConnections, queryGauges } from "../deployment.ts";

export default {
  kind: "rates",
  id: "guide-rates",
  title: "The guide's requests a minute on three instances of two workers",
  profile: "nightly",
  topology: { api: 3, queue: 1 },
  environment: { api: { WORKERS: "2", QUERIES_AT_ONCE: "1" } },
  gauges: queryGauges,
  limits: (setting) => [...poolOfConnections(setting), placesForQueries(setting), placesForRuns(setting)],
  load: { scenario: "ask-queries", settings: {}, work: oneQuery },
  window: { warmUpMs: 2000, measureMs: 9000 },
  claim: "AB-5",
  // Enough that no worker waits for a client, however the balancer deals them.
  clients: 30,
  timesFaster: 20,
  setting: "MODEL_MS",
  places: 6,
  tolerance: 0.15,
  classes: [
    { name: "simple", documentedPerMinute: [60, 120], serviceSeconds: [3, 6] },
    { name: "complex", documentedPerMinute: [20, 40], serviceSeconds: [9, 18] },
    { name: "mixed", documentedPerMinute: [40, 80], serviceSeconds: [4.5, 9] },
    { name: "the calculator's", documentedPerMinute: [72, 72], serviceSeconds: [5] },
  ],
} satisfies RatesStudy;
