import { expect, it } from "vitest";
import { countersTold } from "./counters-told.ts";
import { evidence, injected, operation } from "./fixtures.ts";

/** One request each 10 ms, answered after 10 ms, for 20 s. */
const operations = Array.from({ length: 2000 }, (_, index) =>
  operation({ index, f: "get", invokedAt: index * 10, by: index % 2 === 0 ? "api-1" : "api-2" }),
);
const window = { firstSentMs: 0, firstDoneMs: 10, lastSentMs: 6010, lastDoneMs: 6020 };
interface Told {
  readonly requests: number;
  readonly mistakes?: number;
  readonly seconds: number;
  readonly [bucket: `within ${string}`]: number;
}
const judged = (told: Told, given = operations) => {
  const numbers = Object.fromEntries(Object.entries({ mistakes: 0, ...window, ...told }).map(([what, value]) => [`api-1 ${what}`, value]));
  const faults = injected("read-counters", "counters", 8000, 14_100).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
  return countersTold(evidence({ operations: given, faults }));
};

it("holds when as many are told as clients had answers, and no more time than they waited for", () =>
  expect(judged({ requests: 300, seconds: 2.7 })).toMatchObject({ verdict: "holds", summary: expect.stringContaining("of no other") }));

it.each([
  [{ requests: 600, seconds: 2.7 }, /told of 600 requests, and can have answered \d+ clients/],
  [{ requests: 150, seconds: 1.3 }, /told of 150 requests, and answered \d+ clients/],
  [{ requests: 300, seconds: 2700 }, /told of 2700\.0 s of answering/],
  [{ requests: 300, seconds: 0.0027 }, /told of 0\.003 s of answering/],
])("violated by %j", (told, says) => expect(judged(told)).toMatchObject({ verdict: "violated", summary: expect.stringMatching(says) }));

const failed = operations.map((one, i) => (i % 10 === 0 ? { ...one, outcome: "info" as const, served: "error" as const, error: "status 500" } : one));
it("as many of them failed as clients were failed", () => {
  expect(judged({ requests: 300, mistakes: 60, seconds: 2.7 }, failed).verdict).toBe("holds");
  expect(judged({ requests: 300, mistakes: 0, seconds: 2.7 }, failed).summary).toMatch(/told of 0 requests that it failed, and failed \d+ clients/);
  expect(judged({ requests: 300, mistakes: 160, seconds: 2.7 }, failed).summary).toMatch(
    /told of 160 requests that it failed, and can have failed \d+ clients/,
  );
});

it("a request at an edge, and one that nobody is known to have answered, may count for the instance or not", () => {
  const [few, many] = [276, 325];
  for (const requests of [few, many]) expect(judged({ requests, seconds: 2.7 }).verdict).toBe("holds");
  const unknown = operations.map((one) => (one.by === "api-2" ? { ...one, by: "" } : one));
  expect(judged({ requests: 600, seconds: 5 }, unknown).verdict).toBe("holds");
});

it("a request whose client gave up before the first reading may have ended after it", () => {
  const gaveUp = (by: string) => operation({ f: "wait", invokedAt: 1000, answeredAt: 5000, outcome: "info", by, error: "request timeout" });
  const mostOfAll = { requests: 328, seconds: 2.7 };
  expect(judged(mostOfAll, [gaveUp(""), ...operations]).verdict).toBe("holds");
  expect(judged(mostOfAll, [gaveUp("api-1"), ...operations]).summary).toContain("can have answered 327 clients");
});

it("inconclusive when nothing fell between the readings", () => {
  expect(judged({ requests: 0, seconds: 0 }, []).verdict).toBe("inconclusive");
  expect(countersTold(evidence({ operations })).verdict).toBe("inconclusive");
});

it("the buckets are those of the times that clients waited for, and their times are those that are told", () => {
  const told = { requests: 300, seconds: 2.7, "within 0.005": 0, "within 0.01": 300, "within 0.5": 300, "within +Inf": 300 };
  expect(judged(told).verdict).toBe("holds");
  expect(judged({ ...told, "within 0.5": 100, "within 0.01": 100 }).summary).toMatch(/told of 100 requests that took 0.5 s or less, and \d+ clients/);
  expect(judged({ ...told, "within 0.005": 300 }).summary).toContain("told of 2.700 s of answering, and by its buckets it took 0.000 to 1.500 s");
  expect(judged({ ...told, "within 0.01": 0 }).summary).toContain("by its buckets it took 3.000 to 150.000 s");
  // Whoever took longer than the last bound may have taken any time.
  expect(judged({ requests: 300, seconds: 2.7, "within 0.005": 299, "within +Inf": 300 }).verdict).toBe("holds");
});
