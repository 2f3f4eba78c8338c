import { expect, test } from "vitest";
import type { Notice } from "../core/records.ts";
import { evidence, injected, trail } from "./fixtures.ts";
import { toldOnce } from "./told-once.ts";

const notice = (time: number, answered = 204, failover = "7", from = "api-1", to = "api-2"): Notice => ({ time, failover, from, to, answered });
const acts = trail([19_000, "r1", null, "pending", 0, "", "api-1"], [28_000, "r2", null, "pending", 0, "", "api-2"]);
const judged = (notices: readonly Notice[], over: Parameters<typeof evidence>[0] = {}) =>
  toldOnce({ faults: ["pause-active"] })(
    evidence({ faults: injected("pause-active", "api-1", 20_000, 30_000), transitions: acts, notices, ...over }),
  );

test("told once holds, and so does what was refused and told again", () => {
  expect(judged([notice(28_500)])).toMatchObject({ verdict: "holds", numbers: { failovers: 1, slowestMs: 500 } });
  expect(judged([notice(28_500, 503), notice(29_500, 503), notice(30_500)]).verdict).toBe("holds");
  // Nobody knows whether it was heard that nobody answered.
  expect(judged([notice(28_500, 0), notice(29_500)]).verdict).toBe("holds");
});
test("told to nobody violates, refused for ever too", () => {
  expect(judged([]).summary).toBe("api-2 took the place of api-1 by 28.000 s (pause-active#1), and nobody was told of it by 100.000 s.");
  expect(judged([notice(28_500, 503)]).verdict).toBe("violated");
  expect(judged([notice(28_500, 204, "7", "queue-1", "queue-2")]).verdict).toBe("violated");
});
test("told again what was taken note of violates, unless somebody was struck in between who cannot have noted it", () => {
  expect(judged([notice(31_000), notice(32_000)]).summary).toBe(
    "That api-2 took the place of api-1 had been taken note of at 31.000 s, and was told again at 32.000 s.",
  );
  expect(judged([notice(28_500), notice(28_600)]).verdict).toBe("violated");
  const struck = [...injected("pause-active", "api-1", 20_000, 30_000), ...injected("pause-active", "api-2", 45_000, 55_000, "pause-active#2")];
  expect(judged([notice(44_900), notice(54_000)], { faults: struck }).verdict).toBe("holds");
  // By then it had noted it.
  expect(judged([notice(31_000), notice(54_000)], { faults: struck }).summary).toContain("was told again at 54.000 s");
});
test("two failovers told for one violate, unless the one that was replaced had been back in between", () => {
  expect(judged([notice(31_000), notice(32_000, 204, "8")]).summary).toBe(
    "api-1 was replaced at 20.000 s (pause-active#1), and administrators were told of 2 failovers from it, the last one at 32.000 s.",
  );
  expect(judged([notice(31_000), notice(40_000, 204, "8", "api-2", "api-1"), notice(50_000, 204, "9")]).verdict).toBe("holds");
});
test("a failover that nobody saw, or only just before the end, decides nothing", () => {
  expect(judged([], { transitions: [] }).verdict).toBe("inconclusive");
  expect(judged([], { endsAt: 37_000 }).verdict).toBe("inconclusive");
  expect(judged([notice(28_500)], { faults: [] }).verdict).toBe("inconclusive");
  expect(judged([], { lagMs: 3000 }).verdict).toBe("inconclusive");
});
