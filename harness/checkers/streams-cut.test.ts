import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { streamsCut } from "./streams-cut.ts";

const faults = injected("kill", "api-1", 1000, 4000);
const stream = (
  by: string,
  invokedAt: number,
  answeredAt: number,
  outcome: "ok" | "info",
  lastEventId: number,
  ...ids: readonly number[]
): Operation => {
  const events = ids.map((id) => ({ id, kind: "step", attempt: 1, at: answeredAt - 1 }));
  return operation({ f: "stream", key: "r1", by, invokedAt, answeredAt, outcome, input: { lastEventId }, output: { events } });
};
const judged = (...operations: readonly Operation[]) => streamsCut({ atLeast: 1 })(evidence({ operations, faults }));

const cut = stream("api-1", 500, 1030, "info", 0, 1, 2);
const resumed = stream("api-2", 1130, 2000, "ok", 2, 3);

test("a stream that is cut off by the kill and goes on elsewhere is what is needed", () => {
  expect(judged(cut, resumed)).toMatchObject({ verdict: "holds", numbers: { placesCut: 1, placesResumed: 1 } });
});

test.each([
  ["nobody resumed", [cut]],
  ["it went on from somewhere else", [cut, stream("api-2", 1130, 2000, "ok", 1, 2)]],
  ["the resumed one brought nothing", [cut, stream("api-2", 1130, 2000, "ok", 2)]],
  ["it had brought nothing", [stream("api-1", 500, 1030, "info", 0), stream("api-2", 1130, 2000, "ok", 0, 1)]],
  ["another instance carried it", [{ ...cut, by: "api-2" }, resumed]],
  ["nobody knows who carried it", [{ ...cut, by: "" }, resumed]],
  ["it was cut off before the kill", [{ ...cut, answeredAt: 900 }, resumed]],
  [
    "it was cut off long after",
    [
      { ...cut, answeredAt: 2500 },
      { ...resumed, invokedAt: 2600 },
    ],
  ],
  ["the client had broken off itself", [{ ...cut, outcome: "ok" as const }, resumed]],
])("inconclusive, because %s", (_why, operations) => expect(judged(...operations).verdict).toBe("inconclusive"));

test("nothing at all is inconclusive, and so is a kill that was not seen biting", () => {
  expect(judged().verdict).toBe("inconclusive");
  expect(streamsCut({ atLeast: 1 })(evidence({ operations: [cut, resumed] })).verdict).toBe("inconclusive");
});

test("whatever the streams did, nobody is accused", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const some = Array.from({ length: random.integer(0, 8) }, () => {
        const invokedAt = random.integer(0, 3000);
        const ids = Array.from({ length: random.integer(0, 3) }, () => random.integer(1, 5));
        return stream(
          random.pick(["api-1", "api-2"]),
          invokedAt,
          invokedAt + random.integer(1, 2000),
          random.pick(["ok", "info"]),
          random.integer(0, 4),
          ...ids,
        );
      });
      expect(judged(...some).verdict).not.toBe("violated");
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 100 },
  );
});
