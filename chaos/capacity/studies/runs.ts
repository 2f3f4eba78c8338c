/**
 * The deployment as it is usually run, asked for as many runs as it carries: each sleeps for half a second, give or take, as if it waited for a model, so that
 * places for runs are used up before two processors are, and clients do not go in step.
 */
import type { SearchStudy } from "../../../harness/capacity/study.ts";
import { placesForRuns, poolOfConnections, wholeRun } from "../deployment.ts";

export default {
  kind: "search",
  id: "runs",
  title: "Runs of half a second on 2 api and 3 queue instances",
  profile: "default",
  topology: { api: 2, queue: 3 },
  environment: {},
  gauges: {},
  limits: (setting) => [...poolOfConnections(setting), placesForRuns(setting)],
  load: { scenario: "complete-runs", settings: { STEP_MS: 500, SPREAD_MS: 100 }, work: wholeRun },
  window: { warmUpMs: 1500, measureMs: 8000 },
  objectives: { successRatio: 0.999, p95Ms: 900, p99Ms: 1800, queueAgeMs: 300, firstEventMs: 1000 },
  search: { fromPerSecond: 12, toPerSecond: 400, climb: 1.6, precision: 0.05, confirm: { need: 2, of: 3 }, windows: 24 },
  streamEveryNth: 20,
  creates: "create",
  // Runs of a few steps, two seconds among them, so that a kill meets somebody at work.
  faults: {
    scenario: "create-and-wait",
    settings: { LONGER: JSON.stringify([{ share: 0.02, steps: 3, stepMs: 700 }]) },
    role: "queue",
    everyMs: 7000,
    downMs: 2500,
    kills: 3,
    shares: [0.9, 0.7, 0.5, 0.3],
    boundMs: 9000,
  },
} satisfies SearchStudy;
