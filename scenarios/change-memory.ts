/**
 * Stresses read-modify-write: several clients at once read a block of an agent's memory, through whichever instance, and replace what they read
 * (open model), some on the condition that another block is as they read it. Every value is written once. A broken system lets a client replace what it has not seen,
 * lets two replace each one what the other relied on, or forgets what it acknowledged.
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

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `change ${n}`);
  const agent = `agent-${random.integer(1, agents)}`;
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
