/**
 * Stresses the per-agent lock: turns of a handful of agents arrive at a fixed rate through every instance, so that several want the same
 * agent at once, and now and then two turns of one agent take longer than a lock's lease each. A broken system lets two turns of one agent run at the same time, loses one of two answers, or accepts a write from a
 * holder whose lease is over.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** A few agents are fought over and think for long, so that a holder can be caught in the act; the many others give breadth. */
const contended = Number(__ENV.CONTENDED ?? 3);
const others = Number(__ENV.OTHERS ?? 40);
const contendedShare = Number(__ENV.CONTENDED_SHARE ?? 0.04);
const thinkMs = Number(__ENV.THINK_MS ?? 700);

/** Every so many turns a pair of them is long: the second asks while the first is inside, from before its lease would end until it has left. */
const pairEvery = Number(__ENV.PAIR_EVERY ?? 300);
const longMs = Number(__ENV.LONG_MS ?? 4500);
const longAgents = 3;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  if (n >= pairEvery && n % pairEvery < 2) {
    const agent = `long-${(Math.floor(n / pairEvery) % longAgents) + 1}`;
    perform("turn", { agent, message: `turn ${n}`, thinkMs: longMs }, intendedStart(perSecond));
    return;
  }
  const random = seeded(seed, `turn ${n}`);
  const fought = random.next() < contendedShare;
  const agent = fought ? `contended-${random.integer(1, contended)}` : `agent-${random.integer(1, others)}`;
  perform("turn", { agent, message: `turn ${n}`, thinkMs: fought ? thinkMs : random.integer(0, 20) }, intendedStart(perSecond));
});

export { handleSummary, keepTime };
