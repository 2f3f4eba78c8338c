/**
 * A loss under the eyes of the health page: another fault (option `by`) takes a component away, and every instance is asked for its health meanwhile. The page
 * is read as most have it: JSON with `components`, each with a `status`.
 */
import { setTimeout as later } from "node:timers/promises";
import { until } from "../base/clock.ts";
import type { Instance } from "../drivers/stack.ts";
import drift from "./drift.ts";
import { type Fault, type FaultContext, markDown, type Strike } from "./fault.ts";
import partition from "./partition.ts";
import restartPostgres from "./restart-postgres.ts";
import restartRedis from "./restart-redis.ts";
import { statesIn } from "./tools/health-page.ts";

const losses: Readonly<Record<string, (context: FaultContext) => Strike | undefined>> = {
  // All options of that fault are settings.
  drift: (context) => drift.prepare({ ...context, options: { [String(context.options.setting)]: context.options.value ?? "" } }),
  partition: partition.prepare,
  "restart-postgres": restartPostgres.prepare,
  "restart-redis": restartRedis.prepare,
};
const bitesWithinMs = 5000;
/** How long, and how often, everybody is asked; an answer that has not come by then never comes. */
const askForMs = 3000;
const everyMs = 250;
const answerWithinMs = 5000;

/** The pages of one instance in one look. */
interface Answer {
  readonly afterMs: number;
  readonly tookMs: number;
  /** 0: none in time. */
  readonly status: number;
  readonly up: Readonly<Record<string, boolean>>;
  readonly ready: boolean;
  /** Undefined: the target has no such page. */
  readonly live: boolean | undefined;
}

export default {
  what: "A component (`component`) is lost by another fault (`by`), and every instance is asked for its health (`page`) from then on for a few seconds; the one named by `idle` has nothing else to do.",
  prepare(context) {
    const { stack, options } = context;
    const by = String(options.by);
    const loss = losses[by]?.(context);
    if (loss === undefined) throw new Error(`A loss was expected by one of ${Object.keys(losses).join(", ")}, and "${by}" was asked for.`);
    const component = String(options.component);
    const numbers: Record<string, number> = { [`lost ${component}`]: 1 };
    const note = (instance: string, answers: readonly Answer[]): void => {
      const last = answers.at(-1);
      const told = answers.find(({ up }) => up[component] === false);
      const after = told ? answers.slice(answers.indexOf(told) + 1) : [];
      const unready = answers.findIndex(({ ready }) => !ready);
      numbers[`${instance} answers`] = answers.length;
      numbers[`${instance} slowestMs`] = Math.max(...answers.map(({ tookMs }) => tookMs));
      if (told) numbers[`${instance} toldAfterMs`] = told.afterMs;
      numbers[`${instance} upAgain`] = after.filter(({ up, status }) => up[component] === true || status === 200).length;
      numbers[`${instance} readyAgain`] = unready < 0 ? 0 : answers.slice(unready).filter(({ ready }) => ready).length;
      if (last) numbers[`${instance} status`] = last.status;
      if (last) numbers[`${instance} ready`] = last.ready ? 1 : 0;
      if (answers.some(({ live }) => live !== undefined)) numbers[`${instance} notLive`] = answers.filter(({ live }) => live === false).length;
      for (const [name, isUp] of Object.entries(last?.up ?? {})) numbers[`${instance} ${name}`] = isUp ? 1 : 0;
    };
    return {
      on: loss.on,
      working: () => loss.working(),
      async inject() {
        if (options.idle !== undefined) await markDown(stack.balancer, [String(options.idle)]);
        await loss.inject();
        await until(`${component} was expected to be lost by ${by}`, loss.bites, { withinMs: bitesWithinMs });
        const asked = stack.instances().map(async (instance) => note(instance.name, await askAgain(instance, String(options.page))));
        await Promise.all(asked);
      },
      bites: loss.bites,
      async heal() {
        await loss.heal();
        if (options.idle !== undefined) await markDown(stack.balancer, []);
      },
      healed: loss.healed,
      numbers: () => numbers,
    };
  },
} satisfies Fault;

async function askAgain(instance: Instance, page: string): Promise<readonly Answer[]> {
  const began = performance.now();
  const answers: Answer[] = [];
  while (performance.now() - began < askForMs) {
    const [health, ready, live] = await Promise.all([
      ask(`http://127.0.0.1:${instance.port}${page}`, began),
      instance.isReady(answerWithinMs),
      instance.isLive(answerWithinMs),
    ]);
    answers.push({ ...health, ready, live });
    await later(everyMs);
  }
  return answers;
}

async function ask(url: string, began: number): Promise<Omit<Answer, "ready" | "live">> {
  const sent = performance.now();
  const answered = await fetch(url, { headers: { Connection: "close" }, signal: AbortSignal.timeout(answerWithinMs) })
    .then(async (response) => ({ status: response.status, up: statesIn(await response.json()) }))
    .catch(() => ({ status: 0, up: {} }));
  const now = performance.now();
  return { afterMs: now - began, tookMs: now - sent, ...answered };
}
