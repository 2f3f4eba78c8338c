import { setTimeout as later } from "node:timers/promises";
import { until } from "../base/clock.ts";
import { ask } from "../drivers/asking.ts";
import type { Fault } from "./fault.ts";
import { panelsIn, rulesIn, speaksOf, unsampledIn } from "./tools/dashboard.ts";

const everyMs = 250;
const scrapedWithinMs = 10_000;
const pageWithinMs = 5000;
const noRules = "groups: []";
/** What is scraped each second has many readings in that. */
const rateOver = "30s";

export default {
  what: "No disturbance but a look: a Prometheus of the harness's own scrapes every instance of a role (`page`) and evaluates the target's rules (`rules`), both once a second; for `overMs` it is asked for which instances the alert `alert` is raised, pending or firing. In the end it is asked all that the target's `dashboard` asks, and for all that the rules record.",
  needs: ["alert rules"],
  prepare({ stack, on, options }) {
    const instances = stack.instances().filter(({ role }) => role === on);
    const numbers: Record<string, number> = {};
    const open = new AsyncDisposableStack();
    return {
      on: "alerts",
      working: () => instances.map(({ name }) => name),
      async inject() {
        const began = performance.now();
        const scraped = new Map(instances.map(({ name, port }) => [name, port]));
        const rules = await stack.readTree(String(options.rules));
        const start = async (rules: string) => stack.watchAlerts?.({ rules, page: String(options.page), instances: scraped });
        const watch = await start(rules).catch(async (error) => {
          // One that takes no rules tells at least which of them it does not take.
          const without = open.use(await start(noRules).catch(() => undefined));
          for (const { of, text, expression } of without ? rulesIn(rules) : [])
            if ((await without?.answer(expression)) === undefined) numbers[`${of} ${text} series`] = -1;
          if (!Object.values(numbers).includes(-1)) throw error;
          numbers.fromMs = performance.now() - began;
          return undefined;
        });
        if (!watch) return;
        open.use(watch);
        const alert = String(options.alert);
        const seesAll = async (): Promise<true | undefined> => (await watch.look(alert)).scraped.length === instances.length || undefined;
        await until("Prometheus was expected to scrape every instance", seesAll, { withinMs: scrapedWithinMs });
        numbers.fromMs = performance.now() - began;
        const clearMs = new Map<string, number>();
        while (performance.now() - began < Number(options.overMs)) {
          const atMs = performance.now() - began;
          const look = await watch.look(alert);
          for (const name of look.scraped) {
            numbers[`${name} looks`] = (numbers[`${name} looks`] ?? 0) + 1;
            numbers[`${name} lastLookMs`] = atMs;
            if (!look.raised.includes(name)) clearMs.set(name, atMs);
          }
          for (const name of look.raised) {
            numbers[`${name} raisedMs`] ??= atMs;
            numbers[`${name} lastRaisedMs`] = atMs;
            const before = clearMs.get(name);
            if (before !== undefined) numbers[`${name} clearBeforeMs`] = before;
          }
          await later(everyMs);
        }
        if (options.dashboard === undefined) return;
        const pages = await Promise.all(instances.map(async ({ port }) => (await ask(port, String(options.page), pageWithinMs)).body));
        // On a page that nobody gave nothing is declared.
        if (pages.includes("")) return;
        const unsampled = unsampledIn(pages);
        // What an instance tells nothing of yet, such as runs where none are executed, nobody can be shown.
        const due = [
          ...panelsIn(await stack.readTree(String(options.dashboard)), rateOver),
          ...rulesIn(rules).filter(({ of }) => of === "record"),
        ].filter(({ text }) => !unsampled.some((metric) => speaksOf(text, metric)));
        numbers.scraped = (await watch.look(alert)).scraped.length;
        for (const { of, ask: expression, text } of due) {
          const answer = await watch.answer(expression).catch(() => null);
          if (answer === null) continue;
          numbers[`${of} ${text} series`] = answer?.series ?? -1;
          numbers[`${of} ${text} instances`] = answer?.instances ?? 0;
        }
      },
      bites: async () => (numbers.fromMs === undefined ? undefined : `the rules were evaluated on what ${instances.length} instances told`),
      heal: () => open.disposeAsync(),
      healed: async () => "Prometheus is gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;
