/**
 * Measures capacity in runs: each is created and waited for to its end, so that its latency is that of the whole life of a run. A system at its limit ends
 * fewer runs than arrive, and the wait grows for as long as that goes on.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { arrivals, hasSchedule, perSecond } from "./capacity/arrivals.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const seed = Number(__ENV.SEED);
/** The windows of one run share a database: their keys must not meet. */
const window = __ENV.WINDOW ?? "0";
const steps = Number(__ENV.STEPS ?? 1);
/** The time of a step is drawn evenly from this far below the mean to as far above it (ms). */
const stepMs = Number(__ENV.STEP_MS ?? 500);
const spreadMs = Number(__ENV.SPREAD_MS ?? 0);
const waitMs = Number(__ENV.WAIT_MS ?? 10_000);

export const options = arrivals(openModel(1));

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `run ${window} ${n}`);
  const work = { key: `${seed}-${window}-${n}`, steps, stepMs: random.integer(stepMs - spreadMs, stepMs + spreadMs) };
  const created = perform("create", work, hasSchedule ? intendedStart(perSecond) : undefined);
  if (created.outcome === "ok") perform("wait", { run: (created.value as { run: string }).run, timeoutMs: waitMs });
});

export { handleSummary, keepTime };
