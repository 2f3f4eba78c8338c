/** The load test that the guide prints: ten users come over two minutes, stay for five and leave over two, each asking, waiting for the answer and pausing a second. */
import type { ScriptStudy } from "../../../harness/capacity/study.ts";
import { oneQuery, poolOfConnections } from "../deployment.ts";

export default {
  kind: "script",
  id: "guide-script",
  title: "The guide's k6 script, stage for stage",
  profile: "nightly",
  topology: { api: 2, queue: 2 },
  environment: {},
  gauges: {},
  limits: poolOfConnections,
  load: { scenario: "ask-queries", settings: { PAUSE_SECONDS: 1 }, work: oneQuery },
  window: { warmUpMs: 0, measureMs: 0 },
  claim: "AB-21",
  stages: [
    { seconds: 120, target: 10 },
    { seconds: 300, target: 10 },
    { seconds: 120, target: 0 },
  ],
  shortened: 0.05,
  withinMs: 5000,
} satisfies ScriptStudy;
