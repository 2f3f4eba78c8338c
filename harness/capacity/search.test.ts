import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, seeded } from "../core/random.ts";
import { type End, nextStep, type Outcome, type SearchOptions, type Step, type Tried } from "./search.ts";

const options: SearchOptions = {
  fromPerSecond: 10,
  toPerSecond: 100_000,
  climb: 1.6,
  precision: 0.04,
  confirm: { need: 2, of: 3 },
  windows: 80,
};

type Done = Extract<Step, { kind: "done" }>;

/** Drives a search against a server that is a function of the rate. */
function search(
  window: (perSecond: number) => Outcome,
  more: Partial<SearchOptions> = {},
): { readonly done: Done; readonly tried: readonly Tried[] } {
  const tried: Tried[] = [];
  for (;;) {
    const step = nextStep(tried, { ...options, ...more });
    if (step.kind === "done") return { done: step, tried };
    tried.push({ perSecond: step.perSecond, outcome: window(step.perSecond) });
  }
}

/**
 * A window of `seconds` at a limiter of `capacity`: what arrives beyond it waits, so that the last in line wait for the backlog of the whole window.
 * It misses when the latency of one in twenty exceeds the service time by more than the objective allows.
 */
const limiter =
  (capacity: number, seconds = 8, slackSeconds = 0.2) =>
  (perSecond: number): Outcome =>
    (perSecond / capacity - 1) * seconds * 0.95 > slackSeconds ? "missed" : "met";

/** As many windows as `share` come out wrong. */
const noisy =
  (window: (perSecond: number) => Outcome, share: number, random: Random) =>
  (perSecond: number): Outcome => {
    const outcome = window(perSecond);
    return random.next() < share ? (outcome === "met" ? "missed" : "met") : outcome;
  };

const error = (low: End | null, capacity: number): number => Math.abs((low?.perSecond ?? 0) / capacity - 1);

describe("the search for the highest rate", () => {
  it("finds the rate of any limiter within 5 %, wherever it begins", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 5000, noNaN: true }), fc.double({ min: 0.1, max: 1000, noNaN: true }), (capacity, fromPerSecond) => {
        const { done, tried } = search(limiter(capacity), { fromPerSecond });
        expect(done.stop).toBe("found");
        expect(error(done.low, capacity)).toBeLessThan(0.05);
        expect(done.low?.confirmed && done.high?.confirmed).toBe(true);
        expect(tried.length).toBeLessThan(45);
      }),
    );
  });

  it("offers a few dozen windows at most where it begins within a factor of ten", () => {
    for (const capacity of [12, 30, 57, 99]) expect(search(limiter(capacity)).tried.length).toBeLessThan(20);
  });

  it("stays within 5 % in 95 of 100 searches when one window in twenty comes out wrong", () => {
    const random = seeded(7, "noise");
    const wrong = Array.from({ length: 400 }, () => 20 + random.next() * 200).filter(
      (capacity) => error(search(noisy(limiter(capacity), 0.05, random)).done.low, capacity) > 0.05,
    );
    expect(wrong.length).toBeLessThan(20);
  });

  it("is always over, its interval is of rates that were tried, and its lower end is below its upper one, whatever the windows say", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.constantFrom<Outcome>("met", "missed", "void")), (outcomes) => {
        const { done, tried } = search(() => outcomes.next().value as Outcome);
        expect(tried.length).toBeLessThanOrEqual(options.windows);
        const { low, high } = done;
        if (low && high) expect(low.perSecond).toBeLessThan(high.perSecond);
        for (const end of [low, high]) {
          if (!end) continue;
          const there = tried.filter((one) => one.perSecond === end.perSecond);
          expect(there.filter(({ outcome }) => outcome === "met").length).toBe(end.met);
          expect(there.filter(({ outcome }) => outcome === "missed").length).toBe(end.missed);
        }
        if (done.stop === "found") expect(low?.met).toBeGreaterThanOrEqual(options.confirm.need);
      }),
    );
  });

  it("takes back a failure of the climb that was only noise", () => {
    let windows = 0;
    const { done } = search((perSecond) => (++windows === 3 ? "missed" : limiter(100)(perSecond)));
    expect(error(done.low, 100)).toBeLessThan(0.05);
  });

  it("says why it stopped where there is no interval", () => {
    expect(search(() => "met", { toPerSecond: 50 }).done).toMatchObject({
      stop: "highest rate met",
      low: { perSecond: 50, confirmed: true },
      high: null,
    });
    expect(search(() => "missed").done).toMatchObject({ stop: "lowest rate missed", low: null });
    expect(search((perSecond) => (perSecond > 20 ? "void" : "met")).done).toMatchObject({ stop: "generator", low: { perSecond: 16 }, high: null });
    expect(search(limiter(1000), { windows: 4 }).done).toMatchObject({ stop: "windows used up", high: null });
  });

  it("offers a rate again whose window was void", () => {
    let windows = 0;
    const { tried } = search((perSecond) => (++windows === 2 ? "void" : limiter(30)(perSecond)));
    expect(tried.slice(1, 3).map(({ perSecond }) => perSecond)).toEqual([16, 16]);
  });
});
