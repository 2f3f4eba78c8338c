/**
 * Stresses what the per-agent lock covers: turns, changes of state and of memory, and uses of tools want the same few agents at once, through
 * every instance (open model), and what was remembered is searched for. A broken system lets one kind of work on an agent overlap another, or keeps in an instance what it
 * was told to remember.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const agents = Number(__ENV.AGENTS ?? 20);

/** What agents have acknowledged to this client that they remember. */
const remembered: { agent: string; text: string }[] = [];

/** Words of no English: each has its own number, in the letters of one script or another. */
const scripts = [
  { digits: "абвгдежзик", said: "запомни", of: "об агенте" },
  { digits: "αβγδεζηθικ", said: "θυμήσου", of: "για τον πράκτορα" },
  { digits: "零一二三四五六七八九", said: "记住", of: "代理" },
  { digits: "ßøåéüñçżłő", said: "mémorise", of: "à propos de" },
] as const;
const factOf = (n: number, agent: number): string => {
  const { digits, said, of } = scripts[n % scripts.length] as (typeof scripts)[number];
  const word = (number: number): string => [...String(number)].map((digit) => [...digits][Number(digit)]).join("");
  return `${said} ${word(n)} ${of} ${word(agent)}`;
};
/** Who asks for something says it in his own words, or at least in another order. */
const asked = (text: string): string => text.split(" ").reverse().join(" ");

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `work ${n}`);
  const own = random.integer(1, agents);
  const agent = `agent-${own}`;
  const intended = intendedStart(perSecond);
  // A few take long enough that a holder can be caught in the middle, however fast the machine is.
  const ms = random.integer(1, 20) === 1 ? 400 : random.integer(5, 60);
  const kind = random.integer(1, 6);
  const known = remembered[random.integer(0, Math.max(0, remembered.length - 1))];
  if (kind === 1) perform("turn", { agent, message: `turn ${n}`, thinkMs: ms }, intended);
  else if (kind === 2) perform("saveState", { agent, n }, intended);
  else if (kind === 3 && n % 2 === 0) perform("setBlock", { agent, label: "facts", value: `${seed}-${n}` }, intended);
  else if (kind === 3) perform("removeBlock", { agent, label: "facts" }, intended);
  else if (kind === 6) perform("archive", { agent, text: `${seed}-${n}` }, intended);
  else if (kind === 4 || known === undefined) {
    const fact = { agent, text: factOf(n, own) };
    if (perform("useTool", { ...fact, durationMs: ms }, intended).outcome === "ok") remembered.push(fact);
  } else perform("recall", { ...known, asked: asked(known.text) }, intended);
});

export { handleSummary, keepTime };
