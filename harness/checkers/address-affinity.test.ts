import { expect, it } from "vitest";
import { addressesKeep } from "./address-affinity.ts";
import { evidence, injected, sample } from "./fixtures.ts";

const well = { addresses: 60, instances: 3, wandered: 0, lost: 21, lostUnanswered: 0, others: 39, othersMoved: 0 };
const judged = (more: Readonly<Record<string, number>>, lagMs = 0) =>
  addressesKeep(
    evidence({
      faults: injected("ask-from-addresses", "api-2", 1000, 4000).map((event) =>
        event.phase === "biting" ? { ...event, numbers: { ...well, ...more } } : event,
      ),
      lagMs,
    }),
  );

it("holds when only those move whose instance died", () => expect(judged({})).toMatchObject({ verdict: "holds", examined: 60 }));

it.each([
  [{ wandered: 60, instances: 0, lost: 0, others: 0 }, "60 of 60 addresses were answered by several instances"],
  [{ othersMoved: 5 }, "5 of 39 addresses of other instances were moved when api-2 died"],
  [{ lostUnanswered: 2 }, "2 of 21 addresses of api-2 were not answered by another instance"],
])("violated by %j", (more, told) => expect(judged(more)).toMatchObject({ verdict: "violated", summary: expect.stringContaining(told) }));

it("inconclusive when one instance answered all, the dead one answered nobody, or connecting took long for want of a processor", () => {
  expect(judged({ instances: 1, lost: 0, others: 60 }).verdict).toBe("inconclusive");
  expect(judged({ lost: 0, others: 60 }).verdict).toBe("inconclusive");
  expect(judged({ othersMoved: 5 }, 300).verdict).toBe("inconclusive");
});

it("is not excused by what comes after the asking, and is by what comes late in it", () => {
  const asked = injected("ask-from-addresses", "api-2", 1000, 22_000).map((event) =>
    event.phase === "biting" ? { ...event, time: 20_000, numbers: { ...well, othersMoved: 5 } } : event,
  );
  const late = (time: number) => Array.from({ length: 50 }, (_, i) => sample(1000 * i, "harness", { lagMs: 1000 * i === time ? 900 : 1 }));
  const verdictOf = (time: number) => addressesKeep(evidence({ faults: asked, samples: late(time), lagMs: 900 })).verdict;
  expect([verdictOf(18_000), verdictOf(40_000)]).toEqual(["inconclusive", "violated"]);
});
