/**
 * Stresses idempotency keys: each run is created three times under one key by different clients, almost at once and through whichever instance (open
 * model); now and then the third asks for something else under that key, which differs in one field, or comes under a key of some seconds
 * ago, whose run is over. Some keys have a thread of their own, which refuses other runs while one is unfinished. A broken system makes two runs, takes the other
 * body, or refuses a create because of the run that it made itself.
 */
import exec from "k6/execution";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const repeats = 3;
/** Every so many keys come with another body the last time. */
const changedEvery = 8;
/** Of every so many keys the last time goes to an older key instead, of that many keys before: 2 s ago and more. */
const older = { every: 4, keys: Math.ceil((2 * perSecond) / repeats) } as const;
/** Every so many keys create in a thread, where the run takes long enough to be met unfinished. */
const inThread = { every: 7, stepMs: 150 } as const;

/** One field at a time: a server that compares some of the body takes what differs in the rest. */
const others = [{ steps: 3 }, { stepMs: 21 }, { agent: "another" }, { seed: 2 }, { tokens: 2 }];

/** Any of its clients makes it. */
const threadOf = (key: number): { readonly thread?: string; readonly stepMs?: number } =>
  key % inThread.every === 0 ? { thread: `00000000-0000-4000-8000-${String(key).padStart(12, "0")}`, stepMs: inThread.stepMs } : {};

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const own = Math.floor(n / repeats);
  const isLast = n % repeats === repeats - 1;
  const key = isLast && own % older.every === 1 && own > older.keys ? own - older.keys : own;
  const changed = isLast && key === own && key % changedEvery === 0;
  const asked = { key: `${seed}-${key}`, steps: 2, stepMs: 20, agent: "one", seed: 1, tokens: 1, ...threadOf(key) };
  const other = { ...asked, ...others[(key / changedEvery) % others.length] };
  const create = changed ? other : asked;
  if (create.thread === undefined) perform("create", create, intendedStart(perSecond));
  else if (perform("makeThread", { thread: create.thread }, intendedStart(perSecond)).outcome === "ok") perform("create", create);
});

export { handleSummary, keepTime };
