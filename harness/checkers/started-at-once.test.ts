import { expect, test } from "vitest";
import { evidence, sample } from "./fixtures.ts";
import { firstStart, startedAtOnce } from "./started-at-once.ts";

const judged = (values?: Record<string, number>) =>
  startedAtOnce(evidence({ samples: [sample(10, "api-1", { ready: 1 }), ...(values ? [sample(20, firstStart, values)] : [])] }));

test("instances that all came up hold", () => expect(judged({ together: 4 })).toMatchObject({ verdict: "holds", examined: 4 }));

test("one that ended by itself violates, by its name", () => {
  expect(judged({ together: 4, "api-2": 1 })).toMatchObject({ verdict: "violated", numbers: { endedByThemselves: 1 } });
  expect(judged({ together: 4, "api-2": 1, "api-4": 1 }).summary).toContain(
    "api-2, api-4 ended, and came up when they were started again alone (by 0.020 s)",
  );
});

test("one alone proves nothing, nor does a record without a word of it", () => {
  expect(judged({ together: 1 }).verdict).toBe("inconclusive");
  expect(judged().verdict).toBe("inconclusive");
});
