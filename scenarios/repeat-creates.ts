/**
 * Stresses idempotency keys: each run is created three times under one key by different clients, almost at once and through whichever instance (open
 * model); now and then the third asks for something else under that key, which differs in one field, or comes under an older
 * key, whose run is over. Some keys have a thread of their own, which refuses other runs while one is unfinished; there the third now and then asks for the same in
 * another thread, in none, or by another rule. A broken system makes two runs, takes the other
 * body, answers with the run of another thread, or refuses a create because of the run that it made itself.
 */
import exec from "k6/execution";
import type { operations } from "../chaos/targets/reference/protocol.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const repeats = 3;
/** Every so many keys come with another body the last time. */
const changedEvery = 8;
/** Of every so many keys the last time goes to an older key instead, of that many keys before: so long ago and more (s). */
const older = { every: 4, keys: Math.ceil((Number(__ENV.OLDER_S ?? 2) * perSecond) / repeats) } as const;
/** Every so many keys create in a thread, where the run takes long enough to be met unfinished. */
const inThread = { every: 7, stepMs: 150 } as const;

/** One field at a time: a server that compares some of the body takes what differs in the rest. */
const others = [
  ...[{ steps: 3 }, { stepMs: 21 }, { agent: "another" }, { seed: 2 }, { tokens: 2 }],
  ...([{ latency: "lognormal" }, { failsAt: 1 }] as const),
];

/** A key's own thread, or another one that nobody else has. */
const threadOf = (key: number, kind: 0 | 1): string => `00000000-0000-400${kind}-8000-${String(key).padStart(12, "0")}`;

/** Every so many keys in a thread come for the same body elsewhere the last time: what is compared is more than the body. */
const movedEvery = 2 * inThread.every;

/** The same in another thread, in none, or by another rule. */
function elsewhere<Asked extends { readonly thread: string }>(asked: Asked, key: number) {
  const { thread, ...inNone } = asked;
  return [{ ...inNone, thread: threadOf(key, 1) }, inNone, { ...inNone, thread, rule: "enqueue" as const }][(key / movedEvery) % 3] ?? inNone;
}

type Asked = Parameters<typeof operations.create.request>[0];

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const own = Math.floor(n / repeats);
  const isLast = n % repeats === repeats - 1;
  const key = isLast && own % older.every === 1 && own > older.keys ? own - older.keys : own;
  const plain = { key: `${seed}-${key}`, steps: 2, stepMs: 20, agent: "one", seed: 1, tokens: 1 };
  const inOne = { ...plain, stepMs: inThread.stepMs, thread: threadOf(key, 0) };
  const asked: Asked = key % inThread.every === 0 ? inOne : plain;
  const isOther = isLast && key === own;
  let create = asked;
  if (isOther && key % changedEvery === 0) create = { ...asked, ...others[(key / changedEvery) % others.length] };
  else if (isOther && key % movedEvery === 0) create = elsewhere(inOne, key);
  if (create.thread === undefined) perform("create", create, intendedStart(perSecond));
  else if (perform("makeThread", { thread: create.thread }, intendedStart(perSecond)).outcome === "ok") perform("create", create);
});

export { handleSummary, keepTime };
