import { expect, test } from "vitest";
import { clientsForgotten } from "./clients-forgotten.ts";
import { evidence, injected, sample } from "./fixtures.ts";

const check = clientsForgotten({ boundMs: 5000 });
const good = {
  ...{ clients: 60, upgraded: 60, "api-1 registered": 50, "api-1 left": 0, "api-1 forgottenAfterMs": 120 },
  ...{ "api-2 registered": 40, "api-2 left": 0, "api-2 forgottenAfterMs": 120 },
};
const seen = (numbers: Readonly<Record<string, number>>, more = {}) =>
  check(
    evidence({
      faults: injected("hold-sockets", "balancer", 1000, 40_000).map((one) => (one.phase === "biting" ? { ...one, numbers } : one)),
      ...more,
    }),
  );

test("clients that broke off are forgotten by every instance", () =>
  expect(seen(good)).toMatchObject({ verdict: "holds", examined: 2, numbers: { clients: 90, forgottenMaxMs: 120 } }));

test("violated by those that stay, and by late ones, on any instance", () => {
  const kept = { ...good, "api-2 left": 21, "api-2 forgottenAfterMs": 8050 };
  expect(seen(kept).summary).toContain("api-2 counted 40 WebSocket clients, and 21 of them 8050 ms after all had broken off");
  expect(seen(kept)).toMatchObject({ verdict: "violated", count: 1 });
  const late = { ...good, "api-1 forgottenAfterMs": 6000 };
  expect(seen(late).summary).toContain("forgot the last of 50 WebSocket clients by 6000 ms");
  expect(seen(kept, { lagMs: 2000 }).verdict).toBe("inconclusive");
});

test("who is never forgotten is not taken for one who is forgotten late, however late timers were", () => {
  const kept = { ...good, "api-2 left": 21, "api-2 forgottenAfterMs": 8050 };
  expect(seen(kept, { lagMs: 3500 }).verdict).toBe("inconclusive");
  const samples = [1000, 89_500, 90_000].map((time) => sample(time, "harness", { lagMs: time === 90_000 ? 3500 : 2 }));
  expect(seen(kept, { lagMs: 3500, samples }).verdict).toBe("violated");
});

test("decides nothing on records without the count, or where nobody was counted", () => {
  expect(seen({ clients: 60, upgraded: 60 }).verdict).toBe("inconclusive");
  expect(seen({ "api-1 registered": 0, "api-1 left": 0, "api-1 forgottenAfterMs": 5 }).verdict).toBe("inconclusive");
});
