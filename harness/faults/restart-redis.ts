import { until } from "../base/clock.ts";
import { everybodysWork, type Fault } from "./fault.ts";

const fileWithinMs = 5000;

export default {
  what: "Redis is killed with SIGKILL, stays down for a time and is started again: empty, or with the option `file: 1` from an append-only file that it has kept since just before.",
  prepare({ stack, ledger, options }) {
    const { redis } = stack;
    const answers = (): Promise<boolean> =>
      redis.command("PING").then(
        (answer) => answer === "PONG",
        () => false,
      );
    const keepFile = async (keep: "yes" | "no"): Promise<void> => {
      await redis.command("CONFIG", "SET", "appendonly", keep);
      const written = async (): Promise<true | undefined> => {
        const state = String(await redis.command("INFO", "persistence"));
        return (/aof_rewrite_in_progress:0/.test(state) && /aof_rewrite_scheduled:0/.test(state)) || undefined;
      };
      await until("Redis was expected to have written its append-only file", written, { withinMs: fileWithinMs });
      // The next start reads the same configuration.
      await redis.command("CONFIG", "REWRITE");
    };
    let pid: number | undefined;
    let keys = 0;
    return {
      on: "redis",
      // Attempts under way beat through this server.
      working: () => everybodysWork(stack, ledger),
      async inject() {
        if (options.file === 1) await keepFile("yes");
        keys = Number(await redis.command("DBSIZE"));
        pid = redis.pid();
        await redis.kill();
      },
      bites: async () =>
        pid !== undefined && redis.pid() === undefined && !(await answers()) ? `process ${pid} is gone and its port refuses` : undefined,
      async heal() {
        await redis.start();
        if (options.file === 1) await keepFile("no");
      },
      async healed() {
        if (!(await answers())) return undefined;
        return `process ${redis.pid()} answers PING; it has ${await redis.command("DBSIZE")} keys, there were ${keys} before`;
      },
    };
  },
} satisfies Fault;
