/**
 * Stresses read-modify-write: several clients at once read a block of an agent's memory, through whichever instance, and replace what they read
 * (open model). Every value is written once. A broken system lets a client replace what it has not seen, or forgets what it acknowledged.
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

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `change ${n}`);
  const agent = `agent-${random.integer(1, agents)}`;
  const label = random.pick(labels);
  const read = perform("readBlock", { agent, label }, intendedStart(perSecond));
  if (read.outcome !== "ok") return;
  const { value: from, version } = read.value as { value: string | null; version: number };
  perform("replaceBlock", { agent, label, from, version, value: `${seed}-${n}` });
});

export { handleSummary, keepTime };
