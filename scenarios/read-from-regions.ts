/**
 * Stresses reads from two regions: each client is in one of them and says so, and reads agents near by and from the primary; now and then one is changed where the primary is (open
 * model). A broken system sends a client's near reads to the other region, or leaves it alone when its own is gone.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const agents = 60;
const writeShare = 0.1;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `regions ${n}`);
  const agent = `agent-${random.integer(1, agents)}`;
  const start = intendedStart(perSecond);
  if (random.next() < writeShare) {
    perform("saveState", { agent, n, region: "a" }, start);
    return;
  }
  const region = random.pick(["a", "b"]);
  // One after the other, so that both kinds are read under the same circumstances.
  perform("peekNear", { agent, region }, start);
  perform("readAgent", { agent, region });
});

export { handleSummary, keepTime };
