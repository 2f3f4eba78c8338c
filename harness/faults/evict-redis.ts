import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";

const budgetBytes = 1024 * 1024;
const filler = { prefix: "runproof-filler:", names: 1000, bytes: 8192, atOnce: 25, everyMs: 25 };
/** Small writes: what one script writes is not evicted before it has ended. */
const fill =
  "for i = 1, tonumber(ARGV[2]) do redis.call('SET', ARGV[1] .. ((ARGV[4] + i) % tonumber(ARGV[5])), string.rep('x', tonumber(ARGV[3]))) end";

export default {
  what: "Memory pressure on Redis: a little more than what is in use is allowed (maxmemory, allkeys-lru), and an outsider writes until other keys are evicted, and goes on.",
  prepare({ stack, ledger }) {
    const { command } = stack.redis;
    const stop = new AbortController();
    let filling = Promise.resolve();
    let former: readonly (readonly [string, string])[] = [];
    let keys: readonly string[] = [];
    let before = { evicted: 0, expired: 0 };
    let lost = 0;
    const counts = async (): Promise<typeof before> => {
      const stats = String(await command("INFO", "stats"));
      const read = (name: string): number => Number(new RegExp(`${name}:(\\d+)`).exec(stats)?.[1] ?? 0);
      return { evicted: read("evicted_keys"), expired: read("expired_keys") };
    };
    const setting = async (name: string): Promise<readonly [string, string]> => {
      const answer = (await command("CONFIG", "GET", name)) as readonly string[];
      return [name, answer[1] ?? ""];
    };
    const keepFilling = async (): Promise<void> => {
      for (let from = 0; !stop.signal.aborted; from += filler.atOnce) {
        const { prefix, atOnce, bytes, names } = filler;
        // Full for a moment, it refuses: that is the pressure.
        await command("EVAL", fill, "0", prefix, ...[atOnce, bytes, from, names].map(String)).catch(() => {});
        await later(filler.everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
      }
    };
    return {
      on: "redis",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        former = await Promise.all(["maxmemory", "maxmemory-policy"].map(setting));
        keys = (await command("KEYS", "*")) as readonly string[];
        before = await counts();
        const used = Number(/used_memory:(\d+)/.exec(String(await command("INFO", "memory")))?.[1]);
        await command("CONFIG", "SET", "maxmemory", String(used + budgetBytes), "maxmemory-policy", "allkeys-lru");
        filling = keepFilling();
      },
      async bites() {
        const now = await counts();
        const evicted = now.evicted - before.evicted;
        const left = keys.length === 0 ? 0 : Number(await command("EXISTS", ...keys));
        // Keys whose time had come are not what pressure costs.
        lost = keys.length - left - (now.expired - before.expired);
        return evicted > 0 && lost > 0 ? `${evicted} keys were evicted, at least ${lost} of the ${keys.length} from before among them` : undefined;
      },
      async heal() {
        stop.abort();
        await filling;
        if (former.length > 0) await command("CONFIG", "SET", ...former.flat());
        const names = Array.from({ length: filler.names }, (_, i) => `${filler.prefix}${i}`);
        await command("UNLINK", ...names);
      },
      async healed() {
        const now = await Promise.all(["maxmemory", "maxmemory-policy"].map(setting));
        const back = now.every(([, value], i) => value === former[i]?.[1]);
        return back && (await command("PING")) === "PONG" ? `maxmemory is ${now[0]?.[1]} again` : undefined;
      },
      numbers: () => ({ keysLostAtBite: lost }),
    };
  },
} satisfies Fault;
