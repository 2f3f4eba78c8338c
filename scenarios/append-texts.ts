/**
 * Stresses read-modify-write inside the per-agent lock: a tool reads a block of an agent's memory, thinks, and writes it back with one more text at its end (open model), through every instance. Now
 * and then two want one of a few agents at once and think for long, so that nearly always somebody is inside and somebody waits. Each text is written once, and blocks are read all the time. A broken
 * system lets one write over what another was told had been kept.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** The few are busy for three quarters of the time, by a pair of appends that begins every 80th operation with each of them in turn; the many give breadth. */
const thinkers = 3;
const pairEvery = 80;
const thinkMs = Number(__ENV.THINK_MS ?? 1500);
const others = 40;
/** For so long at most they think. */
const othersMs = Number(__ENV.OTHERS_MS ?? 20);

const label = "log";

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `append ${n}`);
  const intended = intendedStart(perSecond);
  const text = `${n};`;
  if (n % pairEvery < 2) {
    const agent = `thinker-${(Math.floor(n / pairEvery) % thinkers) + 1}`;
    perform("append", { agent, label, text, durationMs: thinkMs }, intended);
    return;
  }
  const other = `agent-${random.integer(1, others)}`;
  const act = random.pick(["append", "read", "look"]);
  if (act === "append") perform("append", { agent: other, label, text, durationMs: random.integer(0, othersMs) }, intended);
  else perform("readBlock", { agent: act === "read" ? other : `thinker-${random.integer(1, thinkers)}`, label }, intended);
});

export { handleSummary, keepTime };
