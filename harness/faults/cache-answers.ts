import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";

const kinds: readonly ((who: string) => Readonly<Record<string, string>>)[] = [
  (who) => ({ Authorization: `Bearer ${who}` }),
  (who) => ({ "X-API-Key": who }),
  (who) => ({ Cookie: `session=${who}` }),
];
const usersOfEach = 4;
const askedEveryMs = 100;
const forMs = 5000;
const ok = 200;
/** Whether nginx answered with what it had kept, be it still good or not. */
const isKept = (status: unknown): boolean => ["HIT", "STALE", "UPDATING", "REVALIDATED"].includes(String(status));

export default {
  what: "Not a fault but a cache: another balancer keeps answers for `cacheS`, and users of every kind ask it for the same `path` (a list, separated by commas), again and again.",
  prepare({ stack, ledger, options }) {
    const cacheS = Number(options.cacheS);
    const numbers: Record<string, number> = {};
    let caching: AsyncDisposable | undefined;
    const count = (name: string, by = 1): void => {
      numbers[name] = (numbers[name] ?? 0) + by;
    };
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const balancer = await stack.addBalancer({ cacheS });
        caching = balancer;
        for (const path of String(options.path).split(",")) {
          const ask = async (headers: Readonly<Record<string, string>>) => {
            const asked = await askFrom("127.0.0.1", { port: balancer.port, path, headers });
            return { ...asked, fromCache: isKept(asked.headers["x-cache"]) };
          };
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
        const user = kinds[0]?.("patient") ?? {};
        let filledAt = performance.now();
        for (const ends = performance.now() + forMs; performance.now() < ends; await later(askedEveryMs)) {
          const { status, headers, sentAt, doneAt } = await askFrom("127.0.0.1", { port: balancer.port, path, headers: user });
          if (status !== ok) continue;
          count("watched");
          // What was fetched is at most as old as its answer.
          if (!isKept(headers["x-cache"])) filledAt = doneAt;
          else numbers.keptMaxMs = Math.max(numbers.keptMaxMs ?? 0, sentAt - filledAt);
        }
      },
      bites: async () => `${numbers.newUsers ?? 0} users asked, and ${numbers.again ?? 0} of them again`,
      heal: async () => caching?.[Symbol.asyncDispose](),
      healed: async () => "the other balancer is gone",
      numbers: () => ({ cacheMs: cacheS * 1000, ...numbers }),
    };
  },
} satisfies Fault;
