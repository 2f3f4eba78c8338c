/**
 * Stresses the choice of an instance: most questions are short and some are long, as those to agents are, at a fixed rate (open model) and in the same order again and again, so that
 * two ways of choosing meet the same arrivals. A broken balancer leaves short ones to wait behind the long ones of one instance, while others have nothing to do.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
const longShare = Number(__ENV.LONG_SHARE ?? 0.12);
const longMs = Number(__ENV.LONG_MS ?? 2500);
const shortMs = [50, 150] as const;
/** After so many seconds the same questions come again. */
const againS = 12;

export const options = openModel(perSecond);

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `question ${n % (againS * perSecond)}`);
  const ms = random.next() < longShare ? longMs : random.integer(...shortMs);
  perform("ask", { question: `question ${n}`, ms }, intendedStart(perSecond));
});

export { handleSummary, keepTime };
