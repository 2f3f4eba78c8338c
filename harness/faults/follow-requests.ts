import { randomBytes } from "node:crypto";
import { setTimeout as later } from "node:timers/promises";
import type { Json } from "../core/history.ts";
import type { Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault, markDown } from "./fault.ts";
import { startCollector, type TraceCollector } from "./tools/trace-collector.ts";
import { loseCollector } from "./tools/without-collector.ts";

const graceMs = 30_000;
const requests = 20;
/** Of the others, each so often. */
const otherRequests = 5;
/** Of long ones some are at each instance, and under way by then (ms). */
const [longRequests, underWayMs] = [10, 1500];
const answerWithinMs = 10_000;
/** Work is done, and spans are sent, by then. */
const spansWithinMs = 25_000;

/** 1: what is sent to the collector arrives. */
async function takes({ url }: TraceCollector): Promise<number> {
  const empty = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}", signal: AbortSignal.timeout(answerWithinMs) };
  return fetch(`${url}/v1/traces`, empty).then(
    ({ ok }) => (ok ? 1 : 0),
    () => 0,
  );
}

export default {
  what: "Every instance is restarted with a collector of spans in its `setting`, those of the role `front` one by one and out of the balancer's hands; then POST requests to `path` with `body` go through the balancer, each with a trace of its own, and `others` (a list of path and body, as JSON), for which those of `before` (the same) are sent once and without a trace; then, where that is asked for, longer ones (`longBody`), during which one of the other instances is killed, so that their work is done a second time elsewhere. `loses`: the instance that is then bereft of its collector, of its own, and asked side by side with another of its role.",
  prepare({ stack, ledger, options }) {
    const instances = stack.instances();
    const roles = [...new Set(instances.map(({ role }) => role))];
    const restartAll = async (start: (instance: Instance) => Promise<unknown>): Promise<void> => {
      const restart = async (instance: Instance): Promise<void> => {
        if (instance.pid() !== undefined) await instance.terminate("SIGTERM", graceMs);
        await start(instance);
      };
      const behind = Promise.all(instances.filter(({ role }) => role !== options.front).map(restart));
      for (const instance of instances.filter(({ role }) => role === options.front)) {
        await markDown(stack.balancer, [instance.name]);
        await restart(instance);
      }
      await markDown(stack.balancer, []);
      await behind;
    };
    let collector: TraceCollector | undefined;
    let own: TraceCollector | undefined;
    let lost: Readonly<Record<string, number>> = {};
    let reachable = 0;
    const traces: string[] = [];
    const refused: string[] = [];
    const withSpansOf = (wanted: readonly string[]): number => {
      const roleOf = new Map(instances.map(({ name, role }) => [name, role]));
      const has = (trace: string): boolean => {
        const seen = new Set([collector, own].flatMap((one) => [...(one?.instancesOf(trace) ?? [])]).map((name) => roleOf.get(name)));
        return wanted.every((role) => seen.has(role));
      };
      return traces.filter(has).length;
    };
    const path = String(options.path);
    const listed = (named: string): readonly (readonly [path: string, body: Json])[] => JSON.parse(String(options[named] ?? "[]"));
    const post = (url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body,
        signal: AbortSignal.timeout(answerWithinMs),
      });
    /** Asks one instance past the balancer. */
    const ask = async ({ port }: Instance): Promise<{ readonly tookMs: number; readonly well: boolean }> => {
      const sent = performance.now();
      const well = await post(`http://127.0.0.1:${port}${path}`, String(options.body))
        .then(async (answer) => (await answer.text()) !== "" && answer.ok)
        .catch(() => false);
      return { tookMs: performance.now() - sent, well };
    };
    return {
      on: "traces",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        collector = await startCollector(stack.harness);
        own = options.loses === undefined ? undefined : await startCollector(stack.harness);
        const urls = { own: own?.url, shared: collector.url };
        await restartAll(async (instance) => {
          const url = instance.name === options.loses ? urls.own : urls.shared;
          const became = await instance.startWith({ [String(options.setting)]: String(url) });
          if (became !== "ready") throw new Error(`${instance.name} was expected to start with ${options.setting}=${url}: ${became}`);
        });
        const send = async (body: string, to = path): Promise<void> => {
          const trace = randomBytes(16).toString("hex");
          const answer = await post(`${stack.url}${to}`, body, { traceparent: `00-${trace}-${randomBytes(8).toString("hex")}-01` });
          if (answer.ok) traces.push(trace);
          else refused.push(`status ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
        };
        for (let i = 0; i < requests; i++) await send(String(options.body));
        for (const [to, body] of listed("before")) await post(`${stack.url}${to}`, JSON.stringify(body));
        for (const [to, body] of listed("others")) for (let i = 0; i < otherRequests; i++) await send(JSON.stringify(body), to);
        const untilWhole = async (): Promise<void> => {
          for (let waitedMs = 0; waitedMs < spansWithinMs && withSpansOf(roles) < traces.length; waitedMs += 250)
            await later(250, undefined, { ref: false });
        };
        if (options.longBody !== undefined) {
          // What a process has not sent yet when it is killed is lost, and nobody does that work again.
          await untilWhole();
          await Promise.all(Array.from({ length: longRequests }, () => send(String(options.longBody))));
          await later(underWayMs, undefined, { ref: false });
          await instances.find(({ role }) => role !== options.front)?.kill();
        }
        await untilWhole();
        reachable = await takes(collector);
        const bereft = instances.find(({ name }) => name === options.loses);
        const other = instances.find(({ name, role }) => role === bereft?.role && name !== bereft.name);
        if (own && bereft && other) lost = { "own collected": own.traces(), ...(await loseCollector(own, { bereft, other }, ask)) };
      },
      bites: async () => {
        const more = refused.length > 0 ? `; ${refused.length} requests were refused, the last with ${refused.at(-1)}` : "";
        return traces.length > 0 ? `${withSpansOf(roles)} of ${traces.length} traces have spans of ${roles.join(" and ")}${more}` : undefined;
      },
      async heal() {
        await restartAll((instance) => instance.start());
        await collector?.[Symbol.asyncDispose]();
        await own?.[Symbol.asyncDispose]();
      },
      healed: async () => ((await Promise.all(instances.map((one) => one.isReady(500)))).every(Boolean) ? "all answer ready" : undefined),
      numbers: () => ({
        sent: traces.length,
        whole: withSpansOf(roles),
        reachable,
        collected: (collector?.traces() ?? 0) + (own?.traces() ?? 0),
        ...lost,
        ...Object.fromEntries(roles.map((role) => [role, withSpansOf([role])])),
      }),
    };
  },
} satisfies Fault;
