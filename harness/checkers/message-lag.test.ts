import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, injected, sample } from "./fixtures.ts";
import { messageLagTold } from "./message-lag.ts";

const slow = (numbers: Record<string, number> = { roundTripMs: 600 }) =>
  injected("latency", "api-1->redis", 10_000, 20_000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
const told = (instance: string, lag: (time: number) => number) =>
  Array.from({ length: 80 }, (_, i) => sample(i * 500, instance, { messageLagMs: lag(i * 500) }));
const story = (during: number, calm = 2, more = {}) =>
  evidence({
    faults: slow(),
    samples: [...told("api-1", (time) => (time > 11_500 && time < 20_000 ? during : calm)), ...told("queue-1", () => calm)],
    ...more,
  });

test("no message is quicker than the way", () => {
  expect(messageLagTold(story(610))).toMatchObject({ verdict: "holds", examined: 1 });
  expect(messageLagTold(story(2500)).verdict).toBe("holds");
  expect(messageLagTold(story(3)).summary).toContain("api-1 told of messages that were late by 3 ms");
});

test("in silence messages are late for as long as it lasts", () => {
  const silence = injected("partition", "api-1->redis", 21_000, 29_000);
  const judged = (lag: (time: number) => number, more = {}) =>
    messageLagTold(
      story(610, 2, {
        faults: [...slow(), ...silence],
        samples: [
          ...told("api-1", (time) => (time > 21_000 && time < 29_000 ? lag(time) : time > 11_500 && time < 20_000 ? 610 : 2)),
          ...told("queue-1", () => 2),
        ],
        ...more,
      }),
    );
  expect(judged((time) => time - 22_500)).toMatchObject({ verdict: "holds", examined: 2 });
  expect(judged(() => 2).summary).toContain("api-1 told of messages that were late by 2 ms");
});

test("who told of its messages before goes on telling in silence", () => {
  const faults = [...slow(), ...injected("partition", "queue-1->redis", 21_000, 29_000)];
  const judged = (values: Record<string, number>, before = told("queue-1", () => 2).filter(({ time }) => time < 22_000)) => {
    const silent = Array.from({ length: 14 }, (_, i) => sample(22_000 + i * 500, "queue-1", values));
    const slowed = told("api-1", (time) => (time > 11_500 && time < 20_000 ? 610 : 2));
    return messageLagTold(evidence({ faults, samples: [...slowed, ...before, ...silent] }));
  };
  expect(judged({ lagMs: 3 }).summary).toContain("queue-1 was asked 10 times how it was, and told nothing any more of how late its messages were");
  // It did not answer at all, or never had such a figure.
  expect(judged({ ready: 1 }).verdict).toBe("holds");
  expect(judged({ lagMs: 3 }, []).verdict).toBe("holds");
});

test("without a fault nobody is late, unless everything is", () => {
  expect(messageLagTold(story(610, 1500)).summary).toContain("without a fault");
  expect(messageLagTold(story(610, 1500, { lagMs: 700 })).verdict).toBe("holds");
});

test("an instance that tells of itself, and nothing of its messages while they are late, is accused", () => {
  const silent = (values: Record<string, number>, of = told("queue-1", () => 2)) => {
    const samples = [...Array.from({ length: 80 }, (_, i) => sample(i * 500, "api-1", values)), ...of];
    return messageLagTold(story(3, 2, { samples }));
  };
  expect(silent({ lagMs: 3 }).summary).toContain("api-1 was asked 15 times how it was, and told nothing of how late its messages were");
  // It did not answer at all, or nobody has such a figure.
  expect(silent({ ready: 1 }).verdict).toBe("inconclusive");
  expect(silent({ lagMs: 3 }, []).verdict).toBe("inconclusive");
});

test("what nobody told or measured decides nothing", () => {
  expect(messageLagTold(story(3, 2, { faults: slow({}) })).verdict).toBe("inconclusive");
  expect(messageLagTold(story(3, 2, { faults: slow().filter(({ phase }) => phase !== "biting") })).verdict).toBe("inconclusive");
  expect(messageLagTold(story(3, 2, { samples: [] })).verdict).toBe("inconclusive");
  expect(messageLagTold(evidence()).verdict).toBe("inconclusive");
});

test("a figure that is true is never accused, one that is too small by half always is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 900 }), fc.integer({ min: 0, max: 400 }), (roundTripMs, more) => {
      const judged = (during: number) => messageLagTold(story(during, 2, { faults: slow({ roundTripMs }) })).verdict;
      expect(judged(roundTripMs + more)).toBe("holds");
      expect(judged(roundTripMs / 2)).toBe("violated");
    }),
  );
});
