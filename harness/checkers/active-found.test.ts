import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { activeFound } from "./active-found.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";

const check = activeFound({ f: ["turn"] });

/** A turn each tenth of a second, of which every `lost`-th finds nobody, and a read beside each by `by`. */
function story(lost: number, over: Partial<Evidence> = {}, by: (time: number) => string = () => "api-1"): Evidence {
  const operations: Operation[] = [];
  for (let n = 0; n < 400; n++) {
    const time = 1000 + n * 100;
    const found = (n + 1) % lost !== 0;
    const nobody = { outcome: "info" as const, served: "error" as const, answeredAt: time + 5, error: "status 502", by: "" };
    operations.push(operation({ f: "turn", invokedAt: time, ...(found ? { by: by(time) } : nobody) }));
    operations.push(operation({ f: "read", invokedAt: time, by: by(time) }));
  }
  return evidence({ operations, ...over });
}

test("a turn in a hundred may find nobody", () => {
  expect(check(story(1000))).toMatchObject({ verdict: "holds", examined: 400, numbers: { foundNobody: 0 } });
  expect(check(story(100))).toMatchObject({ verdict: "holds", numbers: { foundNobody: 4 } });
});
test("more violate, all of them too", () => {
  expect(check(story(40))).toMatchObject({ verdict: "violated", count: 10 });
  // Before the first one nobody was seen to serve.
  expect(check(story(1))).toMatchObject({ verdict: "violated", count: 399 });
  expect(check(story(40)).summary).toBe(
    'turn of p1, sent at 4.900 s, found nobody ("status 502", operation 0), while api-1 answered others within 1000 ms before and after. (9 more)',
  );
});
test("whoever found nobody near a fault, where others serve too, or where nobody did, says nothing", () => {
  expect(check(story(2, { faults: injected("kill-active", "api-1", 0, 50_000) })).verdict).toBe("inconclusive");
  const each = (time: number): string => (time % 200 === 0 ? "api-1" : "api-2");
  expect(check(story(4, {}, each))).toMatchObject({ verdict: "holds", numbers: { foundNobody: 0 } });
  const alone = story(4);
  const turns = alone.operations.filter(({ f, served }) => f === "turn" && served !== "yes");
  expect(check({ ...alone, operations: turns }).verdict).toBe("inconclusive");
  expect(check(evidence()).verdict).toBe("inconclusive");
});
test("a refusal by an instance is an answer of it", () => {
  const shed = story(2);
  const operations = shed.operations.map((one) => (one.served === "error" ? { ...one, by: "api-1" } : one));
  expect(check({ ...shed, operations })).toMatchObject({ verdict: "holds", numbers: { foundNobody: 0 } });
});
test("a refusal by somebody else, who only stands by, is none", () => {
  const shed = story(2);
  const by = (instance: string, error = "status 503") => {
    const operations = shed.operations.map((one) => (one.served === "error" ? { ...one, served: "shed" as const, by: instance, error } : one));
    return check({ ...shed, operations });
  };
  expect(by("api-2")).toMatchObject({ verdict: "violated", count: 200 });
  expect(by("api-2").summary).toContain('was refused by api-2 ("status 503", operation 0), while api-1 answered others');
  expect(by("api-1").verdict).toBe("holds");
  // Who is told that the request itself is wrong has found somebody who serves.
  expect(by("api-2", "status 409").verdict).toBe("holds");
});

test("where nothing excuses but as many as may be, the others decide nothing", () => {
  const machine = (until: number) =>
    Array.from({ length: 90 }, (_, i) => sample(500 * i, "machine", { busyTicks: 500 * i < until ? 99 : 10, processorTicks: 100 }));
  expect(check(story(40, { samples: machine(27_000) })).verdict).toBe("inconclusive");
  expect(check(story(40, { samples: machine(15_000) })).verdict).toBe("violated");
});
