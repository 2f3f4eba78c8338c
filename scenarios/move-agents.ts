/**
 * Stresses export and import: agents are written to at a fixed rate (open model), and now and then one is taken out as a document meanwhile, made again under
 * another id, and taken out there; some ids are tried a second time. A broken system leaves something out, mixes two moments, or makes another agent of it.
 */
import exec from "k6/execution";
import type { Json } from "../harness/core/history.ts";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const agents = Number(__ENV.AGENTS ?? 30);
const moved = Number(__ENV.MOVED ?? 0.06);

/** One agent remembers more than any other request may say: a few of these, each as large as it may be, and its document is larger than a body usually is. */
const [largeEvery, largeText] = [40, "much ".repeat(1200)];
/** Of the moves, those of that agent. */
const largeShare = 0.1;

export const options = openModel(perSecond);

/** `copy` is the id under which the agent is made again; `other` is an agent that is then to be made under the same id. */
function move(agent: string, copy: string, other: string | undefined, intended: number): void {
  const taken = perform("exportAgent", { agent }, intended);
  const document = taken.outcome === "ok" ? (taken.value as { document: Json }).document : null;
  if (document === null) return;
  const made = perform("importAgent", { agent: copy, document });
  if (made.outcome !== "ok") return;
  perform("exportAgent", { agent: copy });
  // What it remembers is also found by what it says, of which the document tells nothing.
  const memory = (document as { readonly archive?: readonly { readonly text: string }[] }).archive?.at(-1);
  if (memory) perform("recall", { agent: copy, text: memory.text, asked: memory.text });
  if (other === undefined) return;
  const second = perform("exportAgent", { agent: other });
  const another = second.outcome === "ok" ? (second.value as { document: Json }).document : null;
  if (another === null) return;
  perform("importAgent", { agent: copy, document: another });
  // Whatever was answered, the agent is the one that it was.
  perform("exportAgent", { agent: copy });
}

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `move ${n}`);
  const intended = intendedStart(perSecond);
  const moves = random.next() < moved;
  const agent = `agent-${moves && random.next() < largeShare ? 1 : random.integer(1, agents)}`;
  if (moves) {
    const other = random.next() < 0.3 ? `agent-${random.integer(1, agents)}` : undefined;
    move(agent, `copy-${n}`, other === agent ? undefined : other, intended);
    return;
  }
  if (n % largeEvery === 0) {
    perform("useTool", { agent: "agent-1", text: `${largeText}${n}`, durationMs: 2 }, intended);
    return;
  }
  const kind = random.integer(1, 3);
  if (kind === 1) perform("saveState", { agent, n }, intended);
  else if (kind === 2) perform("setBlock", { agent, label: random.pick(["facts", "plan", "mood"]), value: `${seed}-${n}` }, intended);
  else perform("useTool", { agent, text: `fact ${n}`, durationMs: random.integer(2, 15) }, intended);
});

export { handleSummary, keepTime };
