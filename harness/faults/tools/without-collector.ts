/** Two instances are asked for the same at the same time, again and again: one whose collector of spans is lost, and one that has its own. */
import { setTimeout as later } from "node:timers/promises";
import type { Instance } from "../../drivers/stack.ts";
import type { TraceCollector } from "./trace-collector.ts";

const pairs = 30;
const everyMs = 100;

/** What became of one request: how long it took (ms), and whether it was answered well. */
interface Answered {
  readonly tookMs: number;
  readonly well: boolean;
}

/**
 * The collector of `bereft` falls silent, and after a while is gone altogether: connections to it are refused. In either time both instances are asked. The figures of each begin
 * with "silent" and "gone": for how long it was asked (ms), pairs, how many failed at one of the two only, in how many the bereft was slower, and both medians (ms).
 */
export async function loseCollector(
  collector: TraceCollector,
  { bereft, other }: { readonly bereft: Instance; readonly other: Instance },
  ask: (instance: Instance) => Promise<Answered>,
): Promise<Readonly<Record<string, number>>> {
  collector.fallSilent();
  const silent = await askBoth("silent", bereft, other, ask);
  const sent = collector.unanswered();
  await collector[Symbol.asyncDispose]();
  return { ...silent, "silent exports": sent, ...(await askBoth("gone", bereft, other, ask)) };
}

async function askBoth(
  when: string,
  bereft: Instance,
  other: Instance,
  ask: (instance: Instance) => Promise<Answered>,
): Promise<Readonly<Record<string, number>>> {
  const began = performance.now();
  const asked: Promise<readonly [Answered, Answered]>[] = [];
  for (let i = 0; i < pairs; i++) {
    // Who is asked first has the other's question on its heels.
    const [first, second] = i % 2 === 0 ? [bereft, other] : [other, bereft];
    const both = Promise.all([ask(first), ask(second)]);
    asked.push(both.then(([one, two]) => (first === bereft ? [one, two] : [two, one])));
    await later(everyMs, undefined, { ref: false });
  }
  const all = await Promise.all(asked);
  const well = all.filter((pair) => pair.every((one) => one.well));
  const middle = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0;
  return {
    [`${when} forMs`]: performance.now() - began,
    [`${when} pairs`]: all.length,
    [`${when} bereftFailed`]: all.filter(([one, two]) => !one.well && two.well).length,
    [`${when} otherFailed`]: all.filter(([one, two]) => one.well && !two.well).length,
    [`${when} answered`]: well.length,
    [`${when} slower`]: well.filter(([one, two]) => one.tookMs > two.tookMs).length,
    [`${when} bereftP50Ms`]: middle(well.map(([one]) => one.tookMs)),
    [`${when} otherP50Ms`]: middle(well.map(([, two]) => two.tookMs)),
  };
}
