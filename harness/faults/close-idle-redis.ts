import { connect, type Socket } from "node:net";
import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "Redis closes every connection on which nobody has said anything for `seconds` (its own `timeout`); who only listens is exempt.",
  prepare({ stack, ledger, options }) {
    const { command } = stack.redis;
    const seconds = String(options.seconds);
    let idle: Socket | undefined;
    let openedAt = 0;
    let closedAfterMs = 0;
    return {
      on: "redis",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        await command("CONFIG", "SET", "timeout", seconds);
        const port = Number(/laddr=127\.0\.0\.1:(\d+)/.exec(String(await command("CLIENT", "INFO")))?.[1]);
        idle = connect(port, "127.0.0.1");
        openedAt = performance.now();
        idle
          .on("error", () => {})
          .on("close", () => {
            closedAfterMs = performance.now() - openedAt;
          });
        idle.resume().unref();
      },
      bites: async () =>
        closedAfterMs > 0 ? `an idle connection of the harness was closed by Redis after ${closedAfterMs.toFixed(0)} ms` : undefined,
      async heal() {
        idle?.destroy();
        await command("CONFIG", "SET", "timeout", "0");
      },
      healed: async () =>
        String(await command("CONFIG", "GET", "timeout")) === "timeout,0" ? "Redis closes no connection for being idle" : undefined,
      numbers: () => ({ closedAfterMs }),
    };
  },
} satisfies Fault;
