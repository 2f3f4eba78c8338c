import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "SIGSTOP of Redis for a time, then SIGCONT: connections stay open and are accepted, nothing is answered.",
  prepare({ stack, ledger }) {
    const { redis } = stack;
    return {
      on: "redis",
      working: () => everybodysWork(stack, ledger),
      inject: redis.pause,
      bites: () =>
        redis.command("PING").then(
          () => undefined,
          () => `process ${redis.pid()} did not answer PING within a second`,
        ),
      heal: redis.resume,
      healed: () =>
        redis.command("PING").then(
          () => `process ${redis.pid()} answers PING`,
          () => undefined,
        ),
    };
  },
} satisfies Fault;
