import { everybodysWork, type Fault } from "./fault.ts";

/** What shows that a flush came between: Redis's own count of it. */
async function flushes(command: (name: string, ...args: readonly string[]) => Promise<unknown>): Promise<number> {
  return Number(/cmdstat_flushall:calls=(\d+)/.exec(String(await command("INFO", "commandstats")))?.[1] ?? 0);
}

export default {
  what: "FLUSHALL: every key of Redis is gone at once, while it goes on answering. There is nothing to heal: whoever needs a key makes it anew.",
  prepare({ stack, ledger }) {
    const { redis } = stack;
    let keys = 0;
    let before = 0;
    return {
      on: "redis",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        keys = Number(await redis.command("DBSIZE"));
        before = await flushes(redis.command);
        await redis.command("FLUSHALL", "SYNC");
      },
      // A flush of nothing would prove nothing.
      bites: async () => (keys > 0 && (await flushes(redis.command)) > before ? `${keys} keys were flushed` : undefined),
      heal: async () => {},
      healed: async () => "nothing to heal",
    };
  },
} satisfies Fault;
