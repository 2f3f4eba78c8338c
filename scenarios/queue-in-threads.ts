/**
 * Stresses runs that wait for one another: several at a time are put in line in one thread, where each begins when the one before it has ended (open model). A broken
 * system forgets who is next when the instance that should have said so dies, or begins two of a line at once.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** So many come to one thread, one after another; and so many threads there are, so that a line is worked off before it gets more. */
const [line, threads] = [4, 80] as const;
const stepMs = [50, 100] as const;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `run ${n}`);
  const thread = `00000000-0000-4000-8000-${String(Math.floor(n / line) % threads).padStart(12, "0")}`;
  if (perform("makeThread", { thread }, intendedStart(perSecond)).outcome !== "ok") return;
  const asked = { key: `${seed}-${n}`, steps: 2, stepMs: random.integer(...stepMs), thread, rule: "enqueue" as const };
  const created = perform("create", asked);
  if (created.outcome === "ok") perform("wait", { run: (created.value as { run: string }).run, timeoutMs: 3000 });
});

export { handleSummary, keepTime };
