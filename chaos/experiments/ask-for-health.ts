/**
 * Stresses the health page: each dependency is lost in turn, by its end or in silence, and every instance is asked for its health meanwhile, under load. A broken
 * page says that all is well, names the wrong part, or hangs with what it asks.
 */
import { healthTold } from "../../harness/checkers/health-told.ts";
import { readyAndLive } from "../../harness/checkers/ready-and-live.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const page = "/api/v1/health";
const components = ["postgres", "redis", "effects"];

export default {
  id: "ask-for-health",
  title: "Lose each dependency in turn and ask for health",
  profile: "nightly",
  topology: { api: 3, queue: 2 },
  proxied: ["*->postgres", "*->redis"],
  load: { scenario: "create-and-wait", perSecond: 50 },
  schedule(random) {
    // Each of the two is refused in one run and silent in another; what instances report to is lost to one of them.
    const [gone, silent] = random.shuffle(["postgres", "redis"]);
    // Who has nothing to do hears of nothing by the way.
    const idle = `api-${random.integer(1, 3)}`;
    const dependencies = random.shuffle([
      { on: `${gone}`, options: { by: `restart-${gone}`, mode: "fast", component: `${gone}`, page, idle } },
      { on: `*->${silent}`, options: { by: "partition", component: `${silent}`, page, idle } },
    ]);
    // An instance that starts anew takes its time: it comes last.
    const effects = {
      on: `api-${random.integer(1, 3)}`,
      options: { by: "drift", component: "effects", setting: "EFFECTS_ADDRESS", value: "127.0.0.1:1", page },
    };
    return [...dependencies, effects].map((loss, i) => ({ fault: "ask-for-health", ...loss, atMs: i * 11_000 + random.integer(0, 500), forMs: 200 }));
  },
  settleMs: 45_000,
  drainMs: 20_000,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: {
    // Each component is asked for up to a second, an answer of the last half second counts, and everybody is asked four times a second.
    "HA-12": [healthTold({ components, toldWithinMs: 2500, answerWithinMs: 1500 })],
    // Redis is no such component: everything is served without it.
    "AB-8": [readyAndLive({ components, needed: "postgres", answerWithinMs: 5000 })],
  },
} satisfies Experiment;
