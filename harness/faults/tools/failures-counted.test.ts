import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BalancedRequest } from "../../core/target.ts";
import { failuresCounted } from "./failures-counted.ts";

type Tried = BalancedRequest["tries"][number];
const answered = (on: string): Tried => ({ on, outcome: "answered" });
const failed: Tried = { on: "api-1", outcome: "failed" };
const unknown: Tried = { on: "api-1", outcome: "unknown" };

/** Took 2 ms, by one of two workers. */
const request = (endedAt: number, tries: readonly Tried[], worker = "w1", tookMs = 2): BalancedRequest => ({
  ...{ beganAt: endedAt - tookMs, endedAt, worker, tries },
});
/** One each 10 ms, in turn by both instances, until 2000 ms. */
const usual = Array.from({ length: 200 }, (_, i) => request(10 * i, [answered(i % 2 === 0 ? "api-1" : "api-2")]));
const others = (from: number, count: number): BalancedRequest[] =>
  Array.from({ length: count }, (_, i) => request(from + 10 * i, [answered("api-2")]));
const count = (...more: readonly BalancedRequest[]) => failuresCounted([...usual, ...more], "api-1", 30_000);

describe("failuresCounted", () => {
  it("counts what failed, what may have, and what came since", () => {
    const all = [request(2010, [failed, answered("api-2")]), request(2020, [unknown]), request(2030, [failed]), ...others(2040, 50)];
    expect(count(...all)).toEqual({
      ...{ asked: 103, failed: 2, failedAtMost: 3, askedOfHundredBefore: 50, failedBeforeAsked: 1, othersSince: 50, sinceMs: 500 },
    });
  });
  it("a request to another one is no sign of having been left out while one to it was under way, or answered by nobody", () => {
    const slow = request(2300, [failed, answered("api-2")], "w1", 290);
    expect(count(slow, ...others(2040, 20)).othersSince).toBe(0);
    expect(count(request(2010, [failed]), request(2030, [{ on: "api", outcome: "failed" }])).othersSince).toBe(0);
  });
  it("what failed counts before another request of its worker that began later, however that ended", () => {
    const three = [2010, 2020, 2030].map((time) => request(time, [failed]));
    expect(count(...three).failedBeforeAsked).toBe(2);
    expect(count(...three, request(2040, [failed])).failedBeforeAsked).toBe(3);
    expect(count(...three, request(2040, [answered("api-1")])).failedBeforeAsked).toBe(3);
  });
  it("not before one that began at that moment or earlier, nor before one of another worker, nor what may have been no failure", () => {
    const three = [2010, 2020, 2030].map((time) => request(time, [failed]));
    expect(count(...three, request(2032, [failed])).failedBeforeAsked).toBe(2);
    expect(count(...three, request(2033, [failed])).failedBeforeAsked).toBe(3);
    expect(count(...three, request(2090, [failed], "w2")).failedBeforeAsked).toBe(2);
    expect(count(...three.slice(1), request(2035, [unknown]), request(2045, [failed])).failedBeforeAsked).toBe(2);
  });
  it("no longer than failures count: from when it began until the next one was over", () => {
    const three = [2010, 2020, 2030].map((time) => request(time, [failed]));
    expect(count(...three, request(32_008, [answered("api-1")])).failedBeforeAsked).toBe(3);
    expect(count(...three, request(32_009, [answered("api-1")])).failedBeforeAsked).toBe(2);
  });
  it("knows nothing of an instance that nobody was sent to", () => {
    const none = { asked: 0, failed: 0, failedAtMost: 0, askedOfHundredBefore: 0, failedBeforeAsked: 0, othersSince: 0, sinceMs: 0 };
    expect(failuresCounted(usual, "api-3", 30_000)).toEqual(none);
    expect(failuresCounted([], "api-1", 30_000)).toEqual(none);
  });
  it("a balancer that counts as documented is never seen asking after as many failures, however its workers take turns and its clocks stand still", () =>
    fc.assert(
      fc.property(fc.array(fc.record({ worker: fc.nat(1), took: fc.nat(40), late: fc.nat(30) }), { maxLength: 60 }), (plan) => {
        // Truth: requests begin 5 ms apart; each is sent to api-1 while fewer than three failures had happened when it began, and fails when it ends. A worker's clock is behind, and never goes back.
        const shown = [0, 0];
        const ends: number[] = [];
        const stamp = (worker: number, time: number, late: number): number => {
          shown[worker] = Math.max(shown[worker] ?? 0, time - late);
          return shown[worker];
        };
        const marks = plan.flatMap(({ worker, took, late }, i) => {
          const asked = ends.filter((end) => end <= 5 * i).length < 3;
          if (asked) ends.push(5 * i + took);
          return [
            { time: 5 * i, i, worker, late, asked, isEnd: false },
            { time: 5 * i + took, i, worker, late, asked, isEnd: true },
          ];
        });
        const began: number[] = [];
        const requests = marks
          .sort((a, b) => a.time - b.time || a.i - b.i || Number(a.isEnd) - Number(b.isEnd))
          .flatMap(({ time, i, worker, late, asked, isEnd }): BalancedRequest[] => {
            const shownAt = stamp(worker, time, late);
            if (!isEnd) began[i] = shownAt;
            return isEnd ? [{ beganAt: began[i] ?? 0, endedAt: shownAt, worker: String(worker), tries: [asked ? failed : answered("api-2")] }] : [];
          });
        expect(failuresCounted(requests, "api-1", 30_000).failedBeforeAsked).toBeLessThan(3);
      }),
    ));
});
