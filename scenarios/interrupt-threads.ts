/**
 * Stresses threads whose clients change their minds: several runs are put in line in one thread, short ones and ones that would go on for long, then two interrupts take the place of
 * all of them, one right after the other, and one more run is to be refused while the thread is busy, and another one accepted in a thread that has come to rest (open model). A broken
 * system goes on with what was withdrawn, tells nobody of its end, begins two of a thread at once, or takes a thread for busy whose runs are over.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** What comes to one thread, one after another; the last one goes to another thread. */
const rules = ["enqueue", "enqueue", "enqueue", "enqueue", "interrupt", "interrupt", "reject", "reject"] as const;
/** So many threads there are, so that all that came to one is over before it gets more: from one that rests, half as many turns away. */
const [threads, resting] = [80, 40] as const;
/** Over when the interrupt comes, at about that time, and long after it. Whoever takes the place of others is short, or the thread would never be free. */
const stepMs = [20, 60, 2500] as const;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `run ${n}`);
  const rule = rules[n % rules.length] ?? "reject";
  const turn = Math.floor(n / rules.length) + (n % rules.length === rules.length - 1 ? resting : 0);
  const thread = `00000000-0000-4000-8000-${String(turn % threads).padStart(12, "0")}`;
  if (perform("makeThread", { thread }, intendedStart(perSecond)).outcome !== "ok") return;
  const asked = { key: `${seed}-${n}`, steps: 2, stepMs: rule === "enqueue" ? random.pick(stepMs) : 100, thread, rule };
  const created = perform("create", asked);
  if (created.outcome === "ok") perform("wait", { run: (created.value as { run: string }).run, timeoutMs: 3000 });
});

export { handleSummary, keepTime };
