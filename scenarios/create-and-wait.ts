/**
 * Stresses the life of a run from the client's side: runs are created at a fixed rate whatever the answers (open model), and each is
 * waited for a short while; some may be questions, each one request that is open until its answer is there, and some clients look at what else they have made. A broken system loses acknowledged runs, answers late or not at all while a part of it is down, or says
 * different things about one run at different times.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { asked } from "./lib/asks.ts";
import { looked } from "./lib/looks.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** What runs consist of beside the many short ones: shares of all runs, their steps, and the time and the tokens of each step. */
const longer = JSON.parse(__ENV.LONGER ?? "[]") as readonly { share: number; steps: number; stepMs: number; tokens?: number }[];
const shortest = { steps: [2, 4], stepMs: [20, 70] } as const;
const waitMs = Number(__ENV.WAIT_MS ?? 2000);

/** A connection that is kept may be closed by a balancer that reloads just as it is used (SEMANTICS, "Faults and load"). */
export const options = { ...openModel(perSecond), noConnectionReuse: __ENV.FRESH_CONNECTIONS === "1" };

/** The n-th run's work is decided by the seed and n alone, so a replay offers the same work whichever VU does it. */
function work(n: number): { steps: number; stepMs: number; tokens?: number } {
  const random = seeded(seed, `run ${n}`);
  let draw = random.next();
  for (const { share, ...asked } of longer) {
    if (draw < share) return asked;
    draw -= share;
  }
  return { steps: random.integer(...shortest.steps), stepMs: random.integer(...shortest.stepMs) };
}

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  if (asked(n, perSecond) || looked(n, perSecond)) return;
  const created = perform("create", { key: `${seed}-${n}`, ...work(n) }, intendedStart(perSecond));
  const run = created.outcome === "ok" ? (created.value as { run: string }).run : undefined;
  if (run !== undefined && waitMs > 0) perform("wait", { run, timeoutMs: waitMs });
});

export { handleSummary, keepTime };
