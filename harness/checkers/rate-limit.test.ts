import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { evidence, injected, sample } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";
import { rateLimit } from "./rate-limit.ts";

type Seen = Readonly<Record<string, number>>;
/** 145 requests in 4 s: 45 at once, then one each 40 ms. */
const greedy: Seen = {
  sent: 145,
  unanswered: 0,
  admitted: 61,
  refused: 84,
  firstRefusedDoneMs: 2,
  lastDoneMs: 4020,
  lastRefusedSentMs: 4000,
  longestGapMs: 60,
};
const modest: Seen = {
  sent: 17,
  unanswered: 0,
  admitted: 17,
  refused: 0,
  firstRefusedDoneMs: 0,
  lastDoneMs: 4020,
  lastRefusedSentMs: 0,
  longestGapMs: 270,
};

const of = (name: string, seen: Seen): Seen => Object.fromEntries(Object.entries(seen).map(([what, value]) => [`${name} ${what}`, value]));
const struck = (...seen: readonly Seen[]): FaultEvent[] =>
  injected("limit-clients", "balancer", 1000, 6000).map((event) =>
    event.phase === "biting" ? { ...event, numbers: Object.assign({ perSecond: 10, burst: 20 }, ...seen) } : event,
  );
const judge = (greedyOne: Seen = {}, modestOne: Seen = {}) =>
  rateLimit(evidence({ faults: struck(of("greedy 127.11.0.1", { ...greedy, ...greedyOne }), of("modest 127.21.0.1", { ...modest, ...modestOne })) }));

describe("rateLimit", () => {
  it("holds for what the bucket lets through", () => expect(judge()).toMatchObject({ verdict: "holds", examined: 2 }));
  it("accuses a limit that lets too many through, too few, or none", () => {
    expect(judge({ admitted: 63, refused: 82 }).summary).toContain("62 are the most that 10 a second and a burst of 20 allow");
    expect(judge({ admitted: 145, refused: 0 }).verdict).toBe("violated");
    expect(judge({ admitted: 40, refused: 105 }).summary).toContain("allow 58 at least");
  });
  it("accuses a limit that keeps a burst waiting, but not while timers lag", () => {
    expect(judge({ slowestAdmittedMs: 1950 }).summary).toContain("that was admitted was answered after 1950 ms");
    expect(judge({ slowestAdmittedMs: 900 }).verdict).toBe("holds");
    const slow = struck(of("greedy 127.11.0.1", { ...greedy, slowestAdmittedMs: 1950 }), of("modest 127.21.0.1", modest));
    expect(rateLimit(evidence({ faults: slow, lagMs: 300 })).verdict).toBe("inconclusive");
  });
  it("is not fooled by a lag at another time that is as long as the burst was kept", () => {
    const slow = struck(of("greedy 127.11.0.1", { ...greedy, slowestAdmittedMs: 1950 }), of("modest 127.21.0.1", modest)).map((event) =>
      event.phase === "biting" ? { ...event, time: 5900 } : event,
    );
    const lateAt = (time: number) => {
      const samples = [3000, time - 500, time].map((at) => sample(at, "harness", { lagMs: at === time ? 1500 : 2 }));
      return rateLimit(evidence({ faults: slow, lagMs: 1500, samples })).verdict;
    };
    expect([lateAt(5500), lateAt(8000), lateAt(30_000)]).toEqual(["inconclusive", "inconclusive", "violated"]);
  });
  it("accuses a limit that makes others pay", () =>
    expect(judge({}, { admitted: 9, refused: 8 }).summary).toContain("which never were more than the burst"));
  it("says nothing of a client whose bucket may have run empty, or who was not answered", () => {
    expect([1850, 1950].map((longestGapMs) => judge({ longestGapMs, admitted: 40 }).verdict)).toEqual(["violated", "inconclusive"]);
    expect(judge({ unanswered: 1, admitted: 40 }).verdict).toBe("inconclusive");
  });
  it("is inconclusive without clients of both kinds", () => {
    expect(rateLimit(evidence()).verdict).toBe("inconclusive");
    expect(rateLimit(evidence({ faults: struck(of("greedy 127.11.0.1", greedy)) })).verdict).toBe("inconclusive");
  });

  /** nginx's bucket with arrivals of one client (ms, in order): whom it admits. */
  const admits = (arrivals: readonly number[], perSecond: number, burst: number): boolean[] => {
    let [level, last] = [0, Number.NaN];
    return arrivals.map((time) => {
      const next = Number.isNaN(last) ? 0 : Math.max(0, level - (perSecond * (time - last)) / 1000) + 1;
      if (next > burst) return false;
      [level, last] = [next, time];
      return true;
    });
  };
  /** What a client sees of it, as `limit-clients` notes it: its gaps are those from one refusal to the next. */
  const seenOf = (asked: readonly { readonly sentAt: number; readonly arrivedAt: number; readonly doneAt: number }[]): Seen => {
    const began = Math.min(...asked.map(({ sentAt }) => sentAt));
    const ok = admits(
      asked.map(({ arrivedAt }) => arrivedAt),
      10,
      20,
    );
    const refused = asked.filter((_, i) => !ok[i]);
    return {
      ...{ sent: asked.length, unanswered: 0, admitted: asked.length - refused.length, refused: refused.length },
      firstRefusedDoneMs: refused.length === 0 ? 0 : Math.min(...refused.map(({ doneAt }) => doneAt)) - began,
      lastDoneMs: Math.max(...asked.map(({ doneAt }) => doneAt)) - began,
      lastRefusedSentMs: Math.max(0, ...refused.map(({ sentAt }) => sentAt - began)),
      longestGapMs: Math.max(0, ...refused.slice(1).map(({ doneAt }, i) => doneAt - (refused[i]?.sentAt ?? 0))),
    };
  };
  it("never accuses a true bucket, however late its answers come", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ gap: fc.integer({ min: 0, max: 60 }), before: fc.integer({ min: 0, max: 30 }), after: fc.integer({ min: 0, max: 30 }) }),
          { minLength: 60, maxLength: 150 },
        ),
        (all) => {
          let time = 0;
          const asked = all.map(({ gap, before, after }) => {
            time += gap;
            return { sentAt: time - before, arrivedAt: time, doneAt: time + after };
          });
          expect(judge(seenOf(asked)).verdict).not.toBe("violated");
        },
      ),
    ));
  it("says nothing of a bucket that ran empty in the second of two gaps, and accuses one that let too many through as well", () => {
    const sentAt = [...Array.from({ length: 45 }, () => 0), 1600, ...Array.from({ length: 42 }, (_, i) => 2400 + 40 * i)];
    const seen = seenOf(sentAt.map((time) => ({ sentAt: time, arrivedAt: time, doneAt: time + 2 })));
    expect(judge(seen).verdict).toBe("inconclusive");
    expect(judge({ ...seen, admitted: 70, refused: 18 }).summary).toContain("62 are the most that");
  });
  it("says nothing of the time before the first refusal, in which the bucket fills", () => {
    const sentAt = [0, ...Array.from({ length: 44 }, () => 1000), ...Array.from({ length: 75 }, (_, i) => 1040 + 40 * i)];
    expect(judge(seenOf(sentAt.map((time) => ({ sentAt: time, arrivedAt: time, doneAt: time + 2 })))).verdict).toBe("holds");
  });
  it("never accuses an execution in which nobody was limited", () => neverAccuses(rateLimit));
});
