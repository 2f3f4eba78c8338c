import { expect, test } from "vitest";
import { failuresShared } from "./failures-shared.ts";
import { evidence, injected } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

const judge = (changes: Readonly<Record<string, number>> = {}) =>
  failuresShared({ failures: 3 })(
    evidence({
      faults: injected("fail-one-after-another", "api-1", 1000, 3000).map((event) =>
        event.phase === "biting" ? { ...event, numbers: { workers: 2, requests: 80, failed: 3, unclear: 0, ...changes } } : event,
      ),
    }),
  );

test("three failures in all leave an instance out, and neither six nor one", () => {
  expect(judge()).toMatchObject({ verdict: "holds", examined: 1 });
  expect(judge({ failed: 6 }).summary).toContain("6 of 80 requests, one after another over connections to 2 of the balancer's processes");
  expect(judge({ failed: 1 }).verdict).toBe("violated");
});

test("one process, what may have failed, and too few requests decide nothing", () => {
  expect(judge({ workers: 1, failed: 6 }).verdict).toBe("inconclusive");
  expect(judge({ unclear: 1, failed: 2 }).verdict).toBe("inconclusive");
  expect(judge({ requests: 10, failed: 5 }).verdict).toBe("inconclusive");
  expect(failuresShared({ failures: 3 })(evidence()).verdict).toBe("inconclusive");
  neverAccuses(failuresShared({ failures: 3 }));
});
