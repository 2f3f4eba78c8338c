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
}

export default {
  what: "No disturbance but a look: the counter of requests (`counter`) and the sum of their durations (`seconds`) on every instance's page of metrics (`page`), without the routes that match `except`, and of them those with a status of 5xx, twice and `overMs` apart.",
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
  const lines = (await response.text()).split("\n");
  const doneMs = performance.now() - began;
  const except = new RegExp(String(options.except));
  const sum = (name: string, of = /./): number =>
    lines.reduce((total, line) => {
      const [, route, value] = line.startsWith(`${name}{`) && of.test(line) ? (/route="([^"]*)".*\} (\S+)$/.exec(line) ?? []) : [];
      return route === undefined || except.test(route) ? total : total + Number(value);
    }, 0);
  const { counter, seconds } = options;
  return { sentMs, doneMs, requests: sum(String(counter)), mistakes: sum(String(counter), /status="5/), seconds: sum(String(seconds)) };
}
