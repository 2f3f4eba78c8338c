import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";
import { openService } from "./tools/service.ts";

const kinds: readonly ((who: string) => Readonly<Record<string, string>>)[] = [
  (who) => ({ Authorization: `Bearer ${who}` }),
  (who) => ({ "X-API-Key": who }),
  (who) => ({ Cookie: `session=${who}` }),
];
const usersOfEach = 4;
const askedEveryMs = 100;
const forMs = 4500;
/** Longer after the cache's time than nginx's whole seconds explain (ms). */
const backAfterMs = 2500;
const ok = 200;
/** Whether nginx answered with what it had kept, be it still good or not. */
const isKept = (status: unknown): boolean => ["HIT", "STALE", "UPDATING", "REVALIDATED"].includes(String(status));

export default {
  what: "Not a fault but a cache: another balancer keeps answers for `cacheS`, and users of every kind ask it for the same `path` (a list, separated by commas), again and again; one comes back only when what was kept for him is no good any more; then one more asks a third, whose way to the instances is taken away meanwhile.",
  prepare({ stack, ledger, options }) {
    const cacheS = Number(options.cacheS);
    const numbers: Record<string, number> = {};
    const open = new AsyncDisposableStack();
    const count = (name: string, by = 1): void => {
      numbers[name] = (numbers[name] ?? 0) + by;
    };
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const balancer = open.use(await stack.addBalancer({ cacheS }));
        const askFor = async (path: string, headers: Readonly<Record<string, string>>) => {
          const asked = await askFrom("127.0.0.1", { port: balancer.port, path, headers });
          return { ...asked, fromCache: isKept(asked.headers["x-cache"]) };
        };
        for (const path of String(options.path).split(",")) {
          const ask = (headers: Readonly<Record<string, string>>) => askFor(path, headers);
          const users = kinds.flatMap((kind) => Array.from({ length: usersOfEach }, (_, i) => kind(`${path}-${i}`)));
          // One after another: nobody has asked for it yet under this name, and somebody has under another.
          for (const user of [{}, ...users]) {
            const first = await ask(user);
            if (first.status !== ok) continue;
            count("newUsers");
            if (first.fromCache) count("newUsersServedFromCache");
            const second = await ask(user);
            if (second.status !== ok || second.doneAt - first.sentAt > cacheS * 500) continue;
            count("again");
            if (second.fromCache) count("againFromCache");
          }
        }
        const path = String(options.path).split(",")[0] ?? "";
        /** One user asks for one thing for so long (ms); what was fetched is at most as old as its answer. */
        const watch = async (port: number): Promise<void> => {
          let filledAt: number | undefined;
          for (const ends = performance.now() + forMs; performance.now() < ends; await later(askedEveryMs)) {
            const { status, headers, sentAt, doneAt } = await askFrom("127.0.0.1", { port, path, headers: kinds[0]?.("patient") ?? {} });
            const kept = isKept(headers["x-cache"]);
            if (status === ok && !kept) filledAt = doneAt;
            if (status === ok && filledAt !== undefined) count("watched");
            if (status === ok && kept && filledAt !== undefined) numbers.keptMaxMs = Math.max(numbers.keptMaxMs ?? 0, sentAt - filledAt);
            if (status !== ok) count("notServed");
          }
        };
        const comeBack = async (): Promise<void> => {
          const user = kinds[0]?.("who comes back") ?? {};
          const first = await askFor(path, user);
          await later(cacheS * 1000 + backAfterMs);
          const again = await askFor(path, user);
          if (first.status !== ok || again.status !== ok) return;
          count("watched");
          if (again.fromCache) numbers.keptMaxMs = Math.max(numbers.keptMaxMs ?? 0, again.sentAt - first.doneAt);
        };
        await Promise.all([watch(balancer.port), comeBack()]);
        const front = stack.instances().filter(({ role }) => role === options.role);
        const way = open.use(await openService(() => front.map(({ port }) => ({ host: "127.0.0.1", port })), { host: stack.harness, port: 0 }));
        // The name is an address, so that nobody is asked for it.
        const third = open.use(await stack.addBalancer({ cacheS, service: `${stack.harness}:${way.port}`, resolver: stack.harness }));
        const fillsAndGoes = later(askedEveryMs * 5).then(() => way[Symbol.asyncDispose]());
        await Promise.all([watch(third.port), fillsAndGoes]);
      },
      bites: async () => `${numbers.newUsers ?? 0} users asked, and ${numbers.again ?? 0} of them again`,
      heal: () => open.disposeAsync(),
      healed: async () => "the other balancers are gone",
      numbers: () => ({ cacheMs: cacheS * 1000, ...numbers }),
    };
  },
} satisfies Fault;
