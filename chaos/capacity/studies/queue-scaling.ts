/** Runs that sleep for a second and a half, so that places for them are what is scarce, on 1 to 8 queue instances. A system that claims behind one lock does not grow. */
import type { ScalingStudy } from "../../../harness/capacity/study.ts";
import { placesForRuns, poolOfConnections, wholeRun } from "../deployment.ts";

export default {
  kind: "scaling",
  id: "queue-scaling",
  title: "Throughput of runs on 1, 2, 4 and 8 queue instances",
  profile: "default",
  topology: { api: 2, queue: 8 },
  environment: {},
  gauges: {},
  limits: (setting) => [...poolOfConnections(setting), placesForRuns(setting)],
  // Half as many again as there are places: somebody always waits.
  load: { scenario: "complete-runs", settings: { STEP_MS: 1500, SPREAD_MS: 500, WAIT_MS: 20_000 }, work: wholeRun },
  window: { warmUpMs: 3000, measureMs: 9000 },
  role: "queue",
  sizes: [1, 2, 4, 8],
  rounds: 2,
  clientsPerInstance: 15,
  claim: "LG-4",
  asks: { linearWithin: 0.1 },
} satisfies ScalingStudy;
