import { expect, test } from "vitest";
import { startAtOnce } from "./at-once.ts";
import { EndedEarly } from "./child.ts";

/** An instance whose starts go so, one after another; the last way goes on. */
function instance(name: string, ...starts: readonly (Error | "ready")[]) {
  let n = 0;
  return {
    name,
    async start() {
      const how = starts[Math.min(n++, starts.length - 1)];
      if (how instanceof Error) throw how;
    },
    starts: () => n,
  };
}
const early = new EndedEarly("it ended with exit 1");

test("who ended by itself beside others is started again, and named", async () => {
  const [a, b, c] = [instance("a", "ready"), instance("b", early, "ready"), instance("c", early, "ready")];
  expect(await startAtOnce([a, b, c])).toEqual(["b", "c"]);
  expect([a, b, c].map((one) => one.starts())).toEqual([1, 2, 2]);
  expect(await startAtOnce([a])).toEqual([]);
});

test("who cannot start at all says why: alone, again, or for another reason", async () => {
  await expect(startAtOnce([instance("a", early, "ready"), instance("b", early, "ready")])).rejects.toBe(early);
  await expect(startAtOnce([instance("a", "ready"), instance("b", early)])).rejects.toBe(early);
  const late = new Error("it was not ready in time");
  const ended = instance("b", early, "ready");
  await expect(startAtOnce([instance("a", "ready"), ended, instance("c", late, "ready")])).rejects.toBe(late);
  expect(ended.starts()).toBe(1);
});
