import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { sleep } from "./clock.ts";
import { collectProcessMetrics } from "./event-loop-lag.ts";

/** Nothing else runs in this process for so long. */
function block(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

describe("lag of the event loop", () => {
  it("is what the process was held up, to the interval of the monitor, and is told once", async () => {
    const registry = new Registry();
    collectProcessMetrics(registry);
    const lagMs = async (): Promise<number> => {
      const text = await registry.metrics();
      return 1000 * Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]);
    };
    // The last one is longer than whoever asks often stays away: the monitor is changed at its end.
    for (const [what, blockedMs, atLeastMs] of [
      ["nobody asks", 500, 400],
      ["asked again", 500, 490],
      ["asked often", 500, 490],
      ["stopped", 5500, 5490],
    ] as const) {
      await sleep(150);
      block(blockedMs);
      await sleep(150);
      const toldMs = await lagMs();
      expect([what, toldMs >= atLeastMs]).toEqual([what, true]);
      const text = await registry.metrics();
      expect(text.match(/^nodejs_eventloop_lag_\w+/gm)).toHaveLength(3);
      expect(text).toContain("process_cpu_seconds_total");
    }
  }, 60_000);
});
