/**
 * Stresses two ways to answer early (open model): an agent is read from a copy and from the record, one right after the other; a run is accepted, and then waited
 * for. A broken system takes as long for the early answer as for the late one.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const agents = 12;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `early ${n}`);
  const agent = `agent-${random.integer(1, agents)}`;
  const intended = intendedStart(perSecond);
  const kind = random.next();
  if (kind < 0.1) perform("setBlock", { agent, label: "facts", value: `${seed}-${n}` }, intended);
  else if (kind < 0.4) {
    const made = perform("create", { key: `${seed}-${n}`, steps: 2, stepMs: random.integer(30, 60) }, intended);
    if (made.outcome === "ok") perform("wait", { run: (made.value as { run: string }).run, timeoutMs: 5000 });
  } else if (random.next() < 0.5) {
    perform("peekAgent", { agent }, intended);
    perform("readBlock", { agent, label: "facts" });
  } else {
    perform("readBlock", { agent, label: "facts" }, intended);
    perform("peekAgent", { agent });
  }
});

export { handleSummary, keepTime };
