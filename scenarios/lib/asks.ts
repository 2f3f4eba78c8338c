/** Questions among other operations, each one request that is open until its answer is there. */
import { intendedStart } from "./open-model.ts";
import { perform } from "./perform.ts";

declare const __ENV: Record<string, string>;

/** Each so many-th operation is a question instead; 0: none. Where each eighth or more of them is one, a load without their answers keeps no rate. */
const askEvery = Number(__ENV.ASK_EVERY ?? 0);
const answerMs = 100;

/** Whether the n-th operation is a question; it has been asked then. */
export function asked(n: number, perSecond: number): boolean {
  if (askEvery === 0 || n % askEvery !== 0) return false;
  perform("ask", { question: `question ${n}`, ms: answerMs }, intendedStart(perSecond));
  return true;
}
