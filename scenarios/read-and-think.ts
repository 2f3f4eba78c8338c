/**
 * Stresses changes of the deployment: most requests are short reads, and some are turns of an agent that thinks for most of a second, so that at any moment every
 * instance is in the middle of a few that nobody sends twice (open model); and there may be questions among them. Each request has a connection of its own, because one that is kept may be closed by
 * a balancer that reloads just as it is used (SEMANTICS, "Faults and load"). A broken deployment cuts off what it let in, or sends clients where nobody listens.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { asked } from "./lib/asks.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const turnShare = Number(__ENV.TURN_SHARE ?? 0.25);
/** Most of a second, or as long as is asked for. */
const thinkMs = __ENV.THINK_MS === undefined ? ([500, 1000] as const) : ([Number(__ENV.THINK_MS), Number(__ENV.THINK_MS)] as const);
/** So many that two turns of one seldom meet. */
const agents = 1000;
const sessions = 100;

export const options = { ...openModel(perSecond), noConnectionReuse: true };

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  if (asked(n, perSecond)) return;
  const random = seeded(seed, `request ${n}`);
  if (random.next() >= turnShare) {
    const session = `00000000-0000-4000-8000-${String(random.integer(1, sessions)).padStart(12, "0")}`;
    perform("peekSession", { session }, intendedStart(perSecond));
    return;
  }
  perform("turn", { agent: `agent-${(n % agents) + 1}`, message: `turn ${n}`, thinkMs: random.integer(...thinkMs) }, intendedStart(perSecond));
});

export { handleSummary, keepTime };
