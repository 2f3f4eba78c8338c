import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, injected, sample } from "./fixtures.ts";
import { tracesAreWhole } from "./traces.ts";

const judge = tracesAreWhole({ roles: ["api", "queue"] });
const followed = (numbers: Record<string, number>, id = "follow-requests#1") =>
  injected("follow-requests", "traces", 1000, 2000, id).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));

test("a trace that ends at a role is not whole", () => {
  const judged = (numbers: Record<string, number>) => judge(evidence({ faults: followed(numbers) }));
  expect(judged({ sent: 20, whole: 20, api: 20, queue: 20 })).toMatchObject({ verdict: "holds", examined: 20 });
  expect(judged({ sent: 20, whole: 0, api: 20, queue: 0 }).summary).toContain("0 had spans of all roles in it by 1.020 s: 20 of api, 0 of queue");
  expect(judged({ sent: 20, whole: 19, api: 20, queue: 19 }).verdict).toBe("violated");
});

test("a trace that begins anew at the first role is not whole", () => {
  const numbers = { sent: 20, whole: 0, api: 0, queue: 0, collected: 40 };
  expect(judge(evidence({ faults: followed(numbers) })).summary).toContain("0 had spans of all roles in it by 1.020 s: 0 of api, 0 of queue");
});

test("where no span came at all, nobody sends any, or the collector was not there", () => {
  const silent = { sent: 20, whole: 0, api: 0, queue: 0, collected: 0 };
  expect(judge(evidence({ faults: followed({ ...silent, reachable: 1 }) })).verdict).toBe("violated");
  expect(judge(evidence({ faults: followed({ ...silent, reachable: 0 }) })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults: followed({ sent: 20, whole: 0, api: 0, queue: 0 }) })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults: followed({ sent: 20, whole: 0, api: 20 }).filter(({ phase }) => phase !== "biting") })).verdict).toBe(
    "inconclusive",
  );
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("whole traces are never accused, and each that is not is", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 }), (missing) => {
      const faults = missing.flatMap((less, i) => followed({ sent: 9, whole: 9 - less, api: 9, queue: 9 - less }, `follow-requests#${i}`));
      const check = judge(evidence({ faults }));
      expect(check.count).toBe(missing.filter((less) => less > 0).length);
      expect(check.verdict).toBe(missing.some((less) => less > 0) ? "violated" : "holds");
    }),
  );
});

test("processors without time left excuse for as long as spans were waited for, and not at the end of that alone", () => {
  const faults = followed({ sent: 20, whole: 0, api: 20, queue: 0 }).map((event) => (event.phase === "biting" ? { ...event, time: 40_000 } : event));
  const busy = (from: number, to: number) =>
    judge(
      evidence({
        faults,
        samples: Array.from({ length: 100 }, (_, i) =>
          sample(500 * i, "machine", { busyTicks: 500 * i >= from && 500 * i <= to ? 99 : 10, processorTicks: 100 }),
        ),
      }),
    ).verdict;
  expect(busy(12_000, 40_000)).toBe("inconclusive");
  expect(busy(35_000, 45_000)).toBe("violated");
});
