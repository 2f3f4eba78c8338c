/**
 * Stresses read-modify-write: several clients at once read a block of an agent's memory, through whichever instance, and replace what they read
 * (open model), some on the condition that another block is as they read it. Every value is written once. A broken system lets a client replace what it has not seen,
 * lets two replace each one what the other relied on, or forgets what it acknowledged. Some blocks are set and taken away instead, sessions are
 * opened by several clients at once, of whom one may succeed, or continued by several from what each has read, be it old, and the state of some agents is replaced by clients
 * who have thought about what they read.
 */
import { sleep } from "k6";
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** Few, so that they are fought over. */
const agents = Number(__ENV.AGENTS ?? 6);
const labels = ["facts", "persona"] as const;
/** Of the replacements, those that rely on the other block as well. */
const besideShare = 0.3;

/** Of all, those that set, take away or look at a block of which nobody replaces what he has read; and those that open a session which others open at the same moment, or continue one from what they have read. */
const [noteShare, openShare, continueShare] = [0.12, 0.08, 0.06];
/** So many requests one after another have one session to open. */
const openers = 12;
/** And so many one session to continue: some read a copy of it, which is old. */
const continuers = 300;
/** Of all, those that replace an agent's state after a time in which others may have done so (s); nothing else changes these agents. */
const state = { share: 0.06, agents: 2, thinkS: 0.3 } as const;
const sessionOf = (kind: number, n: number): string => `00000000-0000-400${kind}-8000-${String(n).padStart(12, "0")}`;

function replaceState(n: number, agent: string): void {
  const seen = perform("readAgent", { agent }, intendedStart(perSecond));
  if (seen.outcome !== "ok") return;
  const { version, n: from } = seen.value as { version: number; n: number };
  if (version === 0) {
    perform("saveState", { agent, n });
    return;
  }
  sleep(state.thinkS);
  perform("replaceState", { agent, n, from, version });
}

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `change ${n}`);
  const agent = `agent-${random.integer(1, agents)}`;
  const kind = random.next();
  if (kind < openShare) {
    perform("openSession", { session: sessionOf(0, Math.floor(n / openers)), n }, intendedStart(perSecond));
    return;
  }
  if (kind < openShare + noteShare) {
    const what = { agent, label: "note" };
    const act = random.pick(["set", "remove", "read", "read"]);
    if (act === "set") perform("setBlock", { ...what, value: `${seed}-${n}` }, intendedStart(perSecond));
    else perform(act === "remove" ? "removeBlock" : "readBlock", what, intendedStart(perSecond));
    return;
  }
  if (kind < openShare + noteShare + continueShare) {
    const session = sessionOf(1, Math.floor(n / continuers));
    const seen = perform("peekSession", { session }, intendedStart(perSecond));
    if (seen.outcome !== "ok") return;
    const { version, n: from } = seen.value as { version: number; n: number };
    if (version === 0) perform("openSession", { session, n });
    else perform("continueSession", { session, n, from, version });
    return;
  }
  if (kind < openShare + noteShare + continueShare + state.share) {
    replaceState(n, `state-${random.integer(1, state.agents)}`);
    return;
  }
  const label = random.pick(labels);
  const read = perform("readBlock", { agent, label }, intendedStart(perSecond));
  if (read.outcome !== "ok") return;
  const beside = random.next() < besideShare ? labels.find((other) => other !== label) : undefined;
  const { value: from, version } = read.value as { value: string | null; version: number };
  const replaced = { agent, label, from, version, value: `${seed}-${n}` };
  if (beside === undefined) {
    perform("replaceBlock", replaced);
    return;
  }
  const other = perform("readBlock", { agent, label: beside });
  if (other.outcome === "ok") perform("replaceBeside", { ...replaced, beside, besideVersion: (other.value as { version: number }).version });
});

export { handleSummary, keepTime };
