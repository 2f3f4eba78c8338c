import fc from "fast-check";
import { expect, test } from "vitest";
import type { Evidence } from "../core/verdict.ts";
import { evidence, injected, lateElsewhere } from "./fixtures.ts";
import { changesCostNobody, followsTheName } from "./found-by-name.ts";

const well = {
  ...{ toFirst: 30, toSecond: 160, questions: 10, asked: 130, notServed: 0 },
  ...{ addedFoundAfterMs: 900, removedLeftAfterMs: 1600, servesAgainAfterMs: 120, askedInSilence: 110, notServedInSilence: 60 },
};
const follows = followsTheName({ boundMs: 5000 });

function seen(changes: Readonly<Record<string, number | undefined>> = {}, given: Partial<Evidence> = {}): Evidence {
  const numbers = Object.fromEntries(
    Object.entries({ ...well, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const faults = injected("find-by-name", "balancer", 1000, 15_000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
  return evidence({ faults, ...given });
}

test("a balancer that follows the name holds, and what a silent name service costs is told", () => {
  expect(follows(seen())).toMatchObject({ verdict: "holds", examined: 190 });
  expect(follows(seen()).summary).toContain("60 of 110 requests were not served");
  expect(changesCostNobody(seen())).toMatchObject({ verdict: "holds", examined: 130 });
});

test("where nothing was seen, nothing is decided", () => {
  for (const checker of [follows, changesCostNobody]) expect(checker(evidence()).verdict).toBe("inconclusive");
  expect(follows(seen({ toFirst: 0 })).verdict).toBe("inconclusive");
  expect(changesCostNobody(seen({ asked: 0 })).verdict).toBe("inconclusive");
});

test.each<[string, Record<string, number | undefined>, string]>([
  ["an address that is never found", { addedFoundAfterMs: undefined, toSecond: 0 }, "got no request at all"],
  ["an address that is found late", { addedFoundAfterMs: 6000 }, "got its first request 6000 ms later"],
  ["an address that is not left", { removedLeftAfterMs: 15_000 }, "got a request 15000 ms later"],
  ["nobody is served after a silence", { servesAgainAfterMs: undefined }, "nobody was served for as long as anybody looked"],
])("%s violates", (_, changes, text) => {
  const check = follows(seen(changes));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toContain(text);
});

test("requests that were not served violate, but for a harness that answered for the name too late", () => {
  expect(changesCostNobody(seen({ notServed: 2 })).summary).toContain("2 of 130 requests were not served");
  expect(changesCostNobody(seen({ notServed: 2 }, { lagMs: 900 })).verdict).toBe("inconclusive");
});

test("what is within the bound never violates, and what is beyond it always does", () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 }), (addedFoundAfterMs, removedLeftAfterMs) => {
      const late = [addedFoundAfterMs, removedLeftAfterMs].filter((afterMs) => afterMs > 5005).length;
      expect(follows(seen({ addedFoundAfterMs, removedLeftAfterMs })).count).toBe(late);
    }),
  );
});

test("a lag of another time hides no miss", () =>
  expect(follows(seen({ addedFoundAfterMs: 9000 }, lateElsewhere(5000, 95_000, 10_000))).verdict).toBe("violated"));
