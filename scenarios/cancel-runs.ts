/**
 * Stresses cancelling: runs are created at a fixed rate whatever the answers (open model), and each is cancelled a moment later, through whichever
 * API instance the balancer picks, which is never its handler; sometimes too late. A broken system says that a run is cancelled and lets it go
 * on, or takes a finished run's result back.
 */
import { sleep } from "k6";
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/**
 * Many a run would go on long after its cancel: what its handler does not hear of shows in what it goes on to do, or, where it is in the midst of one long step and
 * asks nobody, in that it does not leave.
 */
const work = (n: number) => {
  if (n % 5 === 0) return { steps: 40, stepMs: 100 };
  return n % 5 < 3 ? { steps: 2, stepMs: 6000 } : { steps: 5, stepMs: 100 };
};
/** From at once to a little after the run's end (s). */
const cancelAfter = [0, 0.7] as const;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const created = perform("create", { key: `${seed}-${n}`, ...work(n) }, intendedStart(perSecond));
  const run = created.outcome === "ok" ? (created.value as { run: string }).run : undefined;
  if (run === undefined) return;
  const [from, to] = cancelAfter;
  sleep(from + seeded(seed, `cancel ${n}`).next() * (to - from));
  perform("cancel", { run });
  perform("wait", { run, timeoutMs: 2000 });
});

export { handleSummary, keepTime };
