import { setTimeout as later } from "node:timers/promises";
import type { Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";
import { startNameServer } from "./tools/name-server.ts";
import { openService } from "./tools/service.ts";

/** One for each instance, all at one port. */
const addressOf = (n: number): string => `127.0.9.${11 + n}`;
const name = "instances.test";
const everyMs = 50;
/** By then a change is seen or it is not (ms). */
const seenWithinMs = 15_000;
/** Whoever is led nowhere for so long is not led there any more (ms). */
const quietMs = 5000;

interface Asked {
  readonly sentAt: number;
  readonly status: number;
}

export default {
  what: "Not a fault but a name: another balancer finds two instances by a name, which has the address of one, of both, of the other alone; then the name service is silent for `silentMs`. Clients ask it for `path` all the while.",
  needs: ["name service"],
  prepare({ stack, ledger, on, options }) {
    const numbers: Record<string, number> = {};
    const open = new AsyncDisposableStack();
    const [first, second] = stack.instances().filter(({ role }) => role === on);
    if (!first || !second) return undefined;
    /** When each address was connected to last, and first after it was given to the name. */
    const connected = new Map<string, number[]>();
    const listen = async (address: string, instance: Instance, port: number): Promise<number> => {
      const times: number[] = [];
      connected.set(address, times);
      const lead = (): readonly { host: string; port: number }[] => {
        times.push(performance.now());
        return [{ host: "127.0.0.1", port: instance.port }];
      };
      return open.use(await openService(lead, { host: address, port })).port;
    };
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const names = open.use(await startNameServer());
        const [one, other] = [addressOf(0), addressOf(1)];
        const port = await listen(one, first, 0);
        await listen(other, second, port);
        names.has([one]);
        const balancer = open.use(await stack.addBalancer({ service: `${name}:${port}`, resolver: names.address }));
        const asked: Asked[] = [];
        const over = new AbortController();
        open.defer(() => over.abort());
        const asking = (async () => {
          const under: Promise<unknown>[] = [];
          while (!over.signal.aborted) {
            const sentAt = performance.now();
            under.push(
              askFrom("127.0.0.1", { port: balancer.port, path: String(options.path) }).then(({ status }) => asked.push({ sentAt, status })),
            );
            await later(everyMs);
          }
          await Promise.all(under);
        })();
        const last = (address: string): number => connected.get(address)?.at(-1) ?? 0;
        const seen = async (what: () => boolean): Promise<boolean> => {
          const deadline = performance.now() + seenWithinMs;
          while (!what() && performance.now() < deadline) await later(everyMs);
          return what();
        };
        await seen(() => last(one) > 0);

        const addedAt = performance.now();
        names.has([one, other]);
        if (await seen(() => last(other) > 0)) numbers.addedFoundAfterMs = (connected.get(other)?.[0] ?? 0) - addedAt;
        const removedAt = performance.now();
        names.has([other]);
        await seen(() => performance.now() - Math.max(removedAt, last(one)) > quietMs && last(other) > removedAt);
        numbers.removedLeftAfterMs = Math.max(0, last(one) - removedAt);
        const calmUntil = performance.now();

        names.fallSilent(true);
        await later(Number(options.silentMs));
        names.fallSilent(false);
        const backAt = performance.now();
        if (await seen(() => asked.some(({ sentAt, status }) => sentAt > backAt && status === 200)))
          numbers.servesAgainAfterMs = (asked.find(({ sentAt, status }) => sentAt > backAt && status === 200)?.sentAt ?? 0) - backAt;
        over.abort();
        await asking;
        const calm = asked.filter(({ sentAt }) => sentAt > addedAt && sentAt < calmUntil - everyMs);
        const silent = asked.filter(({ sentAt }) => sentAt >= calmUntil && sentAt < backAt);
        Object.assign(numbers, {
          ...{ toFirst: connected.get(one)?.length ?? 0, toSecond: connected.get(other)?.length ?? 0, questions: names.answered() },
          ...{ asked: calm.length, notServed: calm.filter(({ status }) => status !== 200).length },
          ...{ askedInSilence: silent.length, notServedInSilence: silent.filter(({ status }) => status !== 200).length },
        });
      },
      bites: async () =>
        (numbers.questions ?? 0) > 0 ? `the balancer asked ${numbers.questions} times for a name, and ${numbers.asked} clients asked it` : undefined,
      heal: () => open.disposeAsync(),
      healed: async () => "the other balancer and the name service are gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;
