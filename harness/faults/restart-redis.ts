import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "Redis is killed with SIGKILL, stays down for a time and is started again, empty: it keeps no file.",
  prepare({ stack, ledger }) {
    const { redis } = stack;
    const answers = (): Promise<boolean> =>
      redis.command("PING").then(
        (answer) => answer === "PONG",
        () => false,
      );
    let pid: number | undefined;
    return {
      on: "redis",
      // Attempts under way beat through this server.
      working: () => everybodysWork(stack, ledger),
      async inject() {
        pid = redis.pid();
        await redis.kill();
      },
      bites: async () =>
        pid !== undefined && redis.pid() === undefined && !(await answers()) ? `process ${pid} is gone and its port refuses` : undefined,
      heal: () => redis.start(),
      healed: async () => ((await answers()) ? `process ${redis.pid()} answers PING` : undefined),
    };
  },
} satisfies Fault;
