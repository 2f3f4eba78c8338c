import { setTimeout as later } from "node:timers/promises";
import { until } from "../base/clock.ts";
import type { Fault } from "./fault.ts";

const everyMs = 250;
const scrapedWithinMs = 10_000;

export default {
  what: "No disturbance but a look: a Prometheus of the harness's own scrapes every instance of a role (`page`) and evaluates the target's rules (`rules`), both once a second; for `overMs` it is asked for which instances the alert `alert` is raised, pending or firing.",
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
        const watch = await stack.watchAlerts?.({
          rules: await stack.readTree(String(options.rules)),
          page: String(options.page),
          instances: scraped,
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
      },
      bites: async () => (numbers.fromMs === undefined ? undefined : `the rules were evaluated on what ${instances.length} instances told`),
      heal: () => open.disposeAsync(),
      healed: async () => "Prometheus is gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;
