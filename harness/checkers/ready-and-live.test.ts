import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { evidence, injected, sample } from "./fixtures.ts";
import { readyAndLive } from "./ready-and-live.ts";

const judge = readyAndLive({ components: ["postgres", "redis"], needed: "postgres", answerWithinMs: 5000 });

type Page = Readonly<Record<string, number>>;
const well: Page = { answers: 9, slowestMs: 100, status: 503, notLive: 0, ready: 0 };
function loss(n: number, lost: string, on: string, page: Page): FaultEvent[] {
  const of = (instance: string, said: Page) => Object.entries(said).map(([name, value]) => [`${instance} ${name}`, value]);
  const numbers = { [`lost ${lost}`]: 1, ...Object.fromEntries([...of("api-1", page), ...of("queue-1", well)]) };
  return injected("ask-for-health", on, 10_000 * n, 10_000 * n + 4000, `ask-for-health#${n}`).map((event) =>
    event.phase === "biting" ? { ...event, numbers } : event,
  );
}
const both = (postgres: Page = {}, redis: Page = {}) => [
  ...loss(1, "postgres", "postgres", { ...well, ...postgres }),
  ...loss(2, "redis", "*->redis", { ...well, ready: 1, ...redis }),
];

describe("readyAndLive", () => {
  it("holds when everybody lives through every loss, and waits without what it needs", () =>
    expect(judge(evidence({ faults: both() }))).toMatchObject({ verdict: "holds", examined: 4 }));
  it("accuses whoever says that it is not alive, whatever was lost", () => {
    for (const faults of [both({ notLive: 3 }), both({}, { notLive: 1 })]) expect(judge(evidence({ faults })).verdict).toBe("violated");
    expect(judge(evidence({ faults: both({ notLive: 3 }) })).summary).toContain("api-1, asked while postgres was lost to it");
  });
  it("accuses whoever is ready without what it needs, and nobody who is without something else", () => {
    expect(judge(evidence({ faults: both({ ready: 1 }) })).summary).toContain("said at the end that it was ready");
    expect(judge(evidence({ faults: both({ readyAgain: 3 }) })).summary).toContain("said 3 times afterwards that it was");
    expect(judge(evidence({ faults: both({}, { ready: 0 }) })).verdict).toBe("holds");
  });
  it("decides nothing before each was lost, without such a page, or on a machine that was late", () => {
    expect(judge(evidence({ faults: both().slice(0, 4) })).verdict).toBe("inconclusive");
    const { notLive: _, ...older } = well;
    const none = ["postgres", "redis"].flatMap((lost, i) =>
      injected("ask-for-health", lost, 10_000 * (i + 1), 10_000 * (i + 1) + 4000, `ask-for-health#${i}`).map((event) =>
        event.phase === "biting"
          ? {
              ...event,
              numbers: { [`lost ${lost}`]: 1, ...Object.fromEntries(Object.entries(older).map(([name, value]) => [`api-1 ${name}`, value])) },
            }
          : event,
      ),
    );
    expect(judge(evidence({ faults: none })).verdict).toBe("inconclusive");
    expect(judge(evidence({ faults: both({ ready: 1 }), lagMs: 1500 })).verdict).toBe("inconclusive");
    expect(
      judge(
        evidence({
          faults: both({ ready: 1 }),
          lagMs: 1500,
          samples: [sample(10_000, "harness", { lagMs: 2 }), sample(60_000, "api-1", { lagMs: 1500 })],
        }),
      ).verdict,
    ).toBe("violated");
    expect(judge(evidence()).verdict).toBe("inconclusive");
  });
  it("accuses whoever says in so many words that it is not alive, however late timers were", () =>
    expect(judge(evidence({ faults: both({ notLive: 3 }), lagMs: 1500 }))).toMatchObject({
      verdict: "violated",
      summary: expect.stringContaining("did not say that it was alive 3 times"),
    }));
});
