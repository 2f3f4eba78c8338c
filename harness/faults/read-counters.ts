import { setTimeout as later } from "node:timers/promises";
import type { Instance } from "../drivers/stack.ts";
import type { Fault } from "./fault.ts";

interface Reading {
  readonly sentMs: number;
  readonly doneMs: number;
  readonly requests: number;
  /** Of these, the ones that were answered with a mistake of the server's (5xx). */
  readonly mistakes: number;
  readonly seconds: number;
  /** By the bound of each bucket of durations, as the page writes it (s, `+Inf`): how many were no longer. */
  readonly within: ReadonlyMap<string, number>;
}

export default {
  what: "No disturbance but a look: the counter of requests (`counter`) and the sum of their durations (`seconds`) and how many were no longer than each bound (`buckets`) on every instance's page of metrics (`page`), without the routes that match `except`, and of them those with a status of 5xx, twice and `overMs` apart.",
  prepare({ stack, options }) {
    const instances = stack.instances().filter(({ role }) => role === options.role);
    const numbers: Record<string, number> = {};
    return {
      on: "counters",
      working: () => instances.map(({ name }) => name),
      async inject() {
        const began = performance.now();
        const readAll = () => Promise.all(instances.map((instance) => read(instance, began, options)));
        const first = await readAll();
        await later(Number(options.overMs));
        const last = await readAll();
        for (const [i, { name }] of instances.entries()) {
          const [from, to] = [first[i], last[i]];
          if (!from || !to) continue;
          const told = {
            requests: to.requests - from.requests,
            mistakes: to.mistakes - from.mistakes,
            seconds: to.seconds - from.seconds,
            ...{ firstSentMs: from.sentMs, firstDoneMs: from.doneMs, lastSentMs: to.sentMs, lastDoneMs: to.doneMs },
          };
          for (const [what, value] of Object.entries(told)) numbers[`${name} ${what}`] = value;
          for (const [bound, count] of to.within) numbers[`${name} within ${bound}`] = count - (from.within.get(bound) ?? 0);
        }
      },
      bites: async () => {
        const sum = instances.reduce((total, { name }) => total + (numbers[`${name} requests`] ?? 0), 0);
        return sum > 0 ? `${sum} requests were told by ${instances.length} instances` : undefined;
      },
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => numbers,
    };
  },
} satisfies Fault;

async function read({ port }: Instance, began: number, options: Readonly<Record<string, string | number>>): Promise<Reading> {
  const sentMs = performance.now() - began;
  const response = await fetch(`http://127.0.0.1:${port}${options.page}`, { headers: { Connection: "close" }, signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`The page of metrics was expected, and port ${port} answered with status ${response.status}.`);
  const lines = (await response.text()).split("\n");
  const doneMs = performance.now() - began;
  const except = new RegExp(String(options.except));
  const series = (name: string): readonly { readonly line: string; readonly value: number }[] =>
    lines.flatMap((line) => {
      const [, route, value] = line.startsWith(`${name}{`) ? (/route="([^"]*)".*\} (\S+)$/.exec(line) ?? []) : [];
      return route === undefined || except.test(route) ? [] : [{ line, value: Number(value) }];
    });
  const sum = (name: string, of = /./): number => series(name).reduce((total, { line, value }) => (of.test(line) ? total + value : total), 0);
  const within = new Map<string, number>();
  for (const { line, value } of series(String(options.buckets))) {
    const bound = /[{,]le="([^"]*)"/.exec(line)?.[1];
    if (bound !== undefined) within.set(bound, (within.get(bound) ?? 0) + value);
  }
  const { counter, seconds } = options;
  return { sentMs, doneMs, requests: sum(String(counter)), mistakes: sum(String(counter), /status="5/), seconds: sum(String(seconds)), within };
}
