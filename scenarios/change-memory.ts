/**
 * Stresses read-modify-write: several clients at once read a block of an agent's memory, through whichever instance, and replace what they read
 * (open model), some on the condition that another block is as they read it. Every value is written once. A broken system lets a client replace what it has not seen,
 * lets two replace each one what the other relied on, or forgets what it acknowledged. Some blocks are set and taken away instead, and sessions are
 * opened by several clients at once, of whom one may succeed.
 */
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

/** Of all, those that set, take away or look at a block of which nobody replaces what he has read; and those that open a session which others open at the same moment. */
const [noteShare, openShare] = [0.12, 0.08];
/** So many requests one after another have one session to open. */
const openers = 12;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `change ${n}`);
  const agent = `agent-${random.integer(1, agents)}`;
  const kind = random.next();
  if (kind < openShare) {
    const session = `00000000-0000-4000-8000-${String(Math.floor(n / openers)).padStart(12, "0")}`;
    perform("openSession", { session, n }, intendedStart(perSecond));
    return;
  }
  if (kind < openShare + noteShare) {
    const what = { agent, label: "note" };
    const act = random.pick(["set", "remove", "read", "read"]);
    if (act === "set") perform("setBlock", { ...what, value: `${seed}-${n}` }, intendedStart(perSecond));
    else perform(act === "remove" ? "removeBlock" : "readBlock", what, intendedStart(perSecond));
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
