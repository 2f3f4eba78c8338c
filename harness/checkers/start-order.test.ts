import { expect, it } from "vitest";
import { evidence, injected, lateElsewhere, sample } from "./fixtures.ts";
import { aliveWithoutDatabase, startsInAnyOrder, waitsForItsSchema } from "./start-order.ts";

const well = { "api-1 live": 1, "api-1 readyAlone": 0, "api-1 ended": 0, "api-1 readyAfterMs": 900 };
const judged = (numbers: Readonly<Record<string, number>>, lagMs = 0, more = {}) =>
  startsInAnyOrder({ boundMs: 5000 })(
    evidence({
      faults: injected("start-before-postgres", "postgres", 1000, 12_000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event)),
      lagMs,
      ...more,
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

it("a busy machine excuses nobody who ended, or who said that it was ready", () => {
  expect(judged({ ...without("api-1 readyAfterMs"), "api-1 ended": 1 }, 1500).verdict).toBe("violated");
  const ready = { ...well, "api-1 readyAlone": 3, "api-2 readyAfterMs": 7000, "api-2 live": 1 };
  expect(judged(ready, 1500)).toMatchObject({ verdict: "violated", count: 1 });
});

it("timers that lagged when Postgres came back excuse who was ready late, and those that lagged long after do not", () => {
  const late = { ...well, "api-1 readyAfterMs": 7000 };
  const lagAt = (time: number) => {
    const faults = injected("start-before-postgres", "postgres", 1000, 41_000).map((event) =>
      event.phase === "biting" ? { ...event, time: 40_000, numbers: late } : event,
    );
    const samples = [36_000, 60_000, 90_000].map((at) => sample(at, "harness", { lagMs: at === time ? 1500 : 1 }));
    return judged(late, 1500, { faults, samples });
  };
  expect(lagAt(36_000).verdict).toBe("inconclusive");
  expect(lagAt(90_000).verdict).toBe("violated");
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

it("an instance whose migration is held up does not end", () => {
  const faults = [...injected("hold-lock", "postgres", 1000, 12_000), ...injected("kill", "api-1", 2000, 2500)];
  const there = [sample(3500, "api-1", { ready: 0, rssMb: 80 }), sample(4000, "api-1", { ready: 0, rssMb: 90, lagMs: 3 })];
  const judgedWith = (more: ReturnType<typeof sample>[], all = faults) =>
    waitsForItsSchema("hold-lock")(evidence({ faults: all, samples: [sample(3000, "api-1", { ready: 0 }), ...more] }));
  expect(judgedWith(there)).toMatchObject({ verdict: "holds", examined: 1 });
  const gone = [...there, sample(8000, "api-1", { ready: 0 })];
  expect(judgedWith(gone).summary).toContain("api-1, started again at 2.500 s, had ended at 8.000 s");
  // It was killed once more, or was not seen to be there.
  expect(judgedWith(gone, [...faults, ...injected("kill", "api-1", 7000, 9000, "kill#2")]).verdict).toBe("holds");
  expect(judgedWith([]).verdict).toBe("inconclusive");
});

it("a lag of another time hides no miss", () =>
  expect(judged({ ...well, "api-1 readyAfterMs": 9000 }, 0, lateElsewhere(5000, 95_000, 10_000)).verdict).toBe("violated"));
