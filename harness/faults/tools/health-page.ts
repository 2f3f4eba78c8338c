/** The health page of an instance as most have it, JSON with `components`, each with a `status`; and what instances say there while a component is lost. */
import { setTimeout as later } from "node:timers/promises";
import type { Instance, Stack } from "../../drivers/stack.ts";
import type { FaultContext, Strike } from "../fault.ts";

/** Which components a page says are up, by name. Throws on a page that is no object. */
export function statesIn(page: unknown): Readonly<Record<string, boolean>> {
  const { components = {} } = page as { readonly components?: Readonly<Record<string, { readonly status?: string }>> };
  return Object.fromEntries(Object.entries(components).map(([name, { status }]) => [name, status?.toLowerCase() === "up"]));
}

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

/**
 * For a strike that takes the component `component` away: asks every instance for its pages (option `page`: the path of the health page) for a few seconds.
 * @returns what `healthTold` and `readyAndLive` judge, by instance; undefined where the options name no page
 */
export function asksForHealth({ stack, options }: Pick<FaultContext, "stack" | "options">, component: string): Strike["during"] {
  const { page } = options;
  return page === undefined ? undefined : (signal) => askEverybody(stack, component, String(page), signal);
}

type Numbers = Readonly<Record<string, number>>;

async function askEverybody(stack: Stack, component: string, page: string, signal: AbortSignal): Promise<Numbers> {
  const told = stack.instances().map(async (instance) => numbersOf(instance.name, component, await askAgain(instance, page, signal)));
  return Object.assign({ [`lost ${component}`]: 1 }, ...(await Promise.all(told)));
}

function numbersOf(instance: string, component: string, answers: readonly Answer[]): Numbers {
  const numbers: Record<string, number> = {};
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
  return numbers;
}

async function askAgain(instance: Instance, page: string, signal: AbortSignal): Promise<readonly Answer[]> {
  const began = performance.now();
  const answers: Answer[] = [];
  while (performance.now() - began < askForMs && !signal.aborted) {
    const [health, ready, live] = await Promise.all([
      ask(`http://127.0.0.1:${instance.port}${page}`, began),
      instance.isReady(answerWithinMs),
      instance.isLive(answerWithinMs),
    ]);
    answers.push({ ...health, ready, live });
    await later(everyMs, undefined, { ref: false });
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
