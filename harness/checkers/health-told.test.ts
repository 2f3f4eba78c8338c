import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { evidence, injected, sample } from "./fixtures.ts";
import { healthTold } from "./health-told.ts";
import { neverAccuses } from "./property.ts";

const components = ["postgres", "redis", "effects"];
const check = healthTold({ components, toldWithinMs: 2500, answerWithinMs: 1500 });
type Page = Readonly<Record<string, number>>;

/** What one instance said. */
function said(instance: string, page: Page, more: Page = {}): Page {
  const whole = { answers: 9, slowestMs: 1010, ...page, ...more };
  return Object.fromEntries(Object.entries(whole).map(([name, value]) => [`${instance} ${name}`, value]));
}
const up = { postgres: 1, redis: 1, effects: 1, status: 200 };
const down = (name: string): Page => ({ ...up, [name]: 0, status: 503, toldAfterMs: 1200 });

/** Each loss has its own time. */
let n = 0;
function loss(lost: string, on: string, ...pages: readonly Page[]): FaultEvent[] {
  const numbers = Object.assign({ [`lost ${lost}`]: 1 }, ...pages);
  const from = 10_000 * ++n;
  const events = injected("ask-for-health", on, from, from + 4000, `ask-for-health#${n}`);
  return events.map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
}
const postgres = (page: Page = down("postgres"), more: Page = {}) =>
  loss("postgres", "postgres", said("api-1", page, more), said("queue-1", down("postgres")));
const others = [
  ...loss("redis", "*->redis", said("api-1", down("redis")), said("queue-1", down("redis"))),
  ...loss("effects", "api-1", said("api-1", down("effects")), said("queue-1", up)),
];
const judge = (faults: readonly FaultEvent[], more = {}) => check(evidence({ faults, ...more }));

describe("healthTold", () => {
  it("holds when everybody names what is down, and only that", () =>
    expect(judge([...postgres(), ...others])).toMatchObject({ verdict: "holds", examined: 6 }));
  it.each<[string, Page, string]>([
    ["a page that says all is well", up, "answered with status 200; 503 was expected"],
    ["a status that hides it", { ...down("postgres"), status: 200 }, "answered with status 200; 503 was expected"],
    ["the wrong part", { ...down("redis"), toldAfterMs: 100 }, 'said "up" of postgres, which was down'],
    ["a part too many", { ...down("postgres"), redis: 0 }, 'said "down" of redis, which was up'],
    ["a page that changes its mind", { ...down("postgres"), upAgain: 2 }, "had said so, and said 2 times afterwards that it was there"],
    ["silence", { answers: 1, status: 0, slowestMs: 5000 }, "answered with status none; 503 was expected"],
  ])("accuses %s", (_what, page, told) => {
    const result = judge([...postgres(page), ...others]);
    expect(result.verdict).toBe("violated");
    expect(result.counterexamples.map(({ text }) => text).join("\n")).toContain(told);
  });
  it("accuses an instance that suffers from another's loss", () =>
    expect(judge([...postgres(), ...loss("effects", "api-1", said("api-1", down("effects")), said("queue-1", down("effects")))]).verdict).toBe(
      "violated",
    ));
  it("accuses a page that told late or answered late, unless timers lagged", () => {
    expect(judge([...postgres(down("postgres"), { toldAfterMs: 2900 }), ...others]).summary).toContain("said so after 2900 ms; 2500 ms are allowed");
    expect(judge([...postgres(down("postgres"), { slowestMs: 4000 }), ...others]).summary).toContain("answered a question after 4000 ms");
    expect(judge([...postgres(down("postgres"), { slowestMs: 4000 }), ...others], { lagMs: 400 }).verdict).toBe("inconclusive");
  });
  it("a false alarm decides nothing while timers lagged, and a loss that is not told always does", () => {
    const alarm = [...postgres({ ...down("postgres"), redis: 0 }), ...others];
    expect(judge(alarm, { lagMs: 250 }).verdict).toBe("inconclusive");
    expect(judge([...postgres(up), ...others], { lagMs: 250 }).verdict).toBe("violated");
  });
  it("who had no time to say so is not accused, and who said so and was wrong all the same is", () => {
    expect(judge([...postgres(up), ...others], { lagMs: 600 }).verdict).toBe("inconclusive");
    expect(judge([...postgres({ ...down("postgres"), status: 200 }), ...others], { lagMs: 600 }).verdict).toBe("violated");
    expect(judge([...postgres(down("postgres"), { upAgain: 1 }), ...others], { lagMs: 600 }).verdict).toBe("violated");
  });
  it("an answer that did not come is late, whatever the ones before it said", () => {
    const silentAtLast = postgres({ answers: 9, status: 0, slowestMs: 5000, toldAfterMs: 1200 });
    expect(judge([...silentAtLast, ...others]).verdict).toBe("violated");
    expect(judge([...silentAtLast, ...others], { lagMs: 3000 }).verdict).toBe("inconclusive");
  });
  it("a lag in one loss does not excuse what another was told too late", () => {
    const judgeBoth = (first: Page, toldAfterMs: number) => {
      const [early, late] = [postgres(first), postgres(down("postgres"), { toldAfterMs })];
      const lags = [early, late].map(([event], i) => sample((event?.time ?? 0) + 1000, "harness", { lagMs: i === 0 ? 1000 : 2 }));
      return judge([...early, ...late, ...others], { lagMs: 1000, samples: lags });
    };
    for (const first of [up, { ...down("postgres"), redis: 0 }]) {
      expect(judgeBoth(first, 1200).verdict).toBe("inconclusive");
      expect(judgeBoth(first, 3900)).toMatchObject({ verdict: "violated", summary: expect.stringContaining("said so after 3900 ms") });
    }
  });
  it("says nothing of losses that overlapped", () => {
    const wrong = postgres(up);
    const meanwhile = injected("kill", "queue-1", (wrong[0]?.time ?? 0) - 5000, (wrong[0]?.time ?? 0) - 2000, "kill#1");
    expect(judge([...wrong, ...others]).verdict).toBe("violated");
    expect(judge([...wrong, ...meanwhile, ...others]).verdict).toBe("inconclusive");
  });
  it("is inconclusive until each has been lost", () => {
    expect(judge([]).verdict).toBe("inconclusive");
    expect(judge(others).summary).toContain("postgres");
  });
  it("any bound that is kept holds", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2500 }), fc.integer({ min: 0, max: 1500 }), (toldAfterMs, slowestMs) => {
        expect(judge([...postgres(down("postgres"), { toldAfterMs, slowestMs }), ...others]).verdict).toBe("holds");
      }),
    ));
  it("never accuses an execution in which nobody was asked", () => neverAccuses(check));
});

it("who told late is excused by the bound for that, and not by that for an answer", () => {
  const late = [...postgres(down("postgres"), { toldAfterMs: 3900 }), ...others];
  expect(judge(late, { lagMs: 400 })).toMatchObject({ verdict: "violated", summary: expect.stringContaining("said so after 3900 ms") });
  expect(judge(late, { lagMs: 600 }).verdict).toBe("inconclusive");
});
