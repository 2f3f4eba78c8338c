import { until } from "../base/clock.ts";
import { everybodysWork, type Fault } from "./fault.ts";

const fileWithinMs = 5000;
const canaries = 1000;
const atOnce = 50;

const names = Array.from({ length: canaries }, (_, i) => `runproof:canary:${i}`);

export default {
  what: "Redis keeps an append-only file (none with the option `file: 0`), acknowledges writes of the harness, is killed with SIGKILL right after the last and started again at once.",
  prepare({ stack, ledger, options }) {
    const { redis } = stack;
    const keepFile = async (keep: "yes" | "no"): Promise<void> => {
      await redis.command("CONFIG", "SET", "appendonly", keep, "appendfsync", "everysec");
      const written = async (): Promise<true | undefined> => {
        const state = String(await redis.command("INFO", "persistence"));
        return (/aof_rewrite_in_progress:0/.test(state) && /aof_rewrite_scheduled:0/.test(state)) || undefined;
      };
      await until("Redis was expected to have written its append-only file", written, { withinMs: fileWithinMs });
      // The next start reads the same configuration.
      await redis.command("CONFIG", "REWRITE");
    };
    let [before, after]: (number | undefined)[] = [];
    let [acknowledged, kept] = [0, 0];
    return {
      on: "redis",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        if (options.file !== 0) await keepFile("yes");
        for (let i = 0; i < canaries; i += atOnce) {
          await redis.command("MSET", ...names.slice(i, i + atOnce).flatMap((name) => [name, "kept"]));
          acknowledged += atOnce;
        }
        before = redis.pid();
        await redis.kill();
        await redis.start();
        after = redis.pid();
        kept = Number(await redis.command("EXISTS", ...names));
      },
      bites: async () =>
        before !== undefined && after !== undefined && before !== after
          ? `process ${before} is gone, process ${after} answers and has ${kept} of ${acknowledged} keys whose writing was acknowledged`
          : undefined,
      async heal() {
        await redis.command("UNLINK", ...names);
        await keepFile("no");
      },
      healed: async () => ((await redis.command("PING")) === "PONG" ? `process ${redis.pid()} answers PING` : undefined),
      numbers: () => ({ acknowledged, kept }),
    };
  },
} satisfies Fault;
