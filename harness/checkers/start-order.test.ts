import { expect, it } from "vitest";
import { evidence, injected, sample } from "./fixtures.ts";
import { aliveWithoutDatabase, startsInAnyOrder, waitsForItsSchema } from "./start-order.ts";

const well = { "api-1 live": 1, "api-1 readyAlone": 0, "api-1 ended": 0, "api-1 readyAfterMs": 900 };
const judged = (numbers: Readonly<Record<string, number>>, lagMs = 0) =>
  startsInAnyOrder({ boundMs: 5000 })(
    evidence({
      faults: injected("start-before-postgres", "postgres", 1000, 12_000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event)),
      lagMs,
    }),
  );
const without = (key: string): Readonly<Record<string, number>> => Object.fromEntries(Object.entries(well).filter(([name]) => name !== key));

it("holds for one that waits and is ready soon after", () =>
  expect(judged(well)).toMatchObject({ verdict: "holds", examined: 1, summary: expect.stringContaining("within 900 ms") }));

it.each([
  [{ ...without("api-1 readyAfterMs"), "api-1 live": 0, "api-1 ended": 1 }, "api-1, started before Postgres, ended instead of waiting for it"],
  [{ ...well, "api-1 readyAlone": 3 }, "said 3 times that it was ready while Postgres was down"],
  [without("api-1 readyAfterMs"), "was never ready after Postgres was"],
  [{ ...without("api-1 readyAfterMs"), "api-1 live": 0 }, "was never alive, nor ready after Postgres was"],
  [{ ...well, "api-2 live": 0, "api-2 ended": 0 }, "api-2, started before Postgres, was never alive, nor ready after Postgres was"],
  [{ ...well, "api-1 readyAfterMs": 7000 }, "was ready 7000 ms after it; 5000 ms are allowed"],
])("violated by %j", (numbers, told) => expect(judged(numbers)).toMatchObject({ verdict: "violated", summary: expect.stringContaining(told) }));

it("decides nothing of one that was not yet alive, or while timers lagged", () => {
  expect(judged({ ...well, "api-1 live": 0 }).verdict).toBe("inconclusive");
  expect(judged({}).verdict).toBe("inconclusive");
  expect(judged({ ...well, "api-1 readyAfterMs": 7000 }, 1500).verdict).toBe("inconclusive");
});

it("whoever answers without a database is alive", () => {
  const alive = (numbers: Readonly<Record<string, number>>) =>
    aliveWithoutDatabase(
      evidence({
        faults: injected("start-before-postgres", "postgres", 1000, 12_000).map((event) =>
          event.phase === "biting" ? { ...event, numbers } : event,
        ),
      }),
    );
  expect(alive({ ...well, "api-1 notLive": 0 })).toMatchObject({ verdict: "holds", examined: 1 });
  expect(alive({ "api-1 live": 0, "api-1 notLive": 7 }).summary).toContain("api-1, started before Postgres, answered 7 times that it was not alive");
  expect(alive({ "api-1 live": 0, "api-1 notLive": 0 }).verdict).toBe("inconclusive");
  expect(alive({}).verdict).toBe("inconclusive");
});

it("an instance whose migration is held up is alive and not ready", () => {
  const faults = [...injected("hold-lock", "postgres", 1000, 12_000), ...injected("kill", "api-1", 2000, 2500)];
  const held = (time: number, ready: number, more: object = { lagMs: 3 }) =>
    waitsForItsSchema("hold-lock")(evidence({ faults, samples: [sample(time, "api-1", { ready, ...more })] }));
  expect(held(5000, 0)).toMatchObject({ verdict: "holds", examined: 1 });
  expect(held(5000, 1).summary).toContain("api-1, started again at 2.500 s, said that it was ready at 5.000 s");
  // Before it was killed, when its migration may have been over, and while it is not there.
  expect(held(1500, 1).verdict).toBe("inconclusive");
  expect(held(11_500, 1).verdict).toBe("inconclusive");
  expect(held(5000, 0, {}).verdict).toBe("inconclusive");
});
