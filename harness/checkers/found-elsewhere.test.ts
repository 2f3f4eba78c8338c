import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { evidence, operation } from "./fixtures.ts";
import { foundElsewhere } from "./found-elsewhere.ts";

const judge = foundElsewhere({ remember: "keep", recall: "search" });

/** So many texts, each stored through one instance and searched for through another; of some the search has another answer. */
function story(count: number, answers: Readonly<Record<number, Json>> = {}, gapMs = 10, by = "api-2"): Operation[] {
  return Array.from({ length: count }, (_, n) => {
    const [time, input] = [1000 * n, { agent: "a", text: `fact ${n}` }];
    return [
      operation({ f: "keep", key: "a", input, output: { version: n }, invokedAt: time, completedAt: time + 20, by: "api-1" }),
      operation({ f: "search", key: "a", input, output: answers[n] ?? { texts: ["other", `fact ${n}`] }, invokedAt: time + 20 + gapMs, by }),
    ];
  }).flat();
}
const verdictOf = (operations: Operation[]) => judge(evidence({ operations })).verdict;

test("what was stored through one instance has to be found through the other", () => {
  expect(judge(evidence({ operations: story(60) }))).toMatchObject({ verdict: "holds", numbers: { examined: 60, elsewhere: 60 } });
  const lost = judge(evidence({ operations: story(60, { 7: { texts: ["other"] } }) }));
  expect(lost).toMatchObject({ verdict: "violated", count: 1 });
  expect(lost.summary).toContain('"fact 7" of a was not found through api-2 at 7.030 s, 10 ms after it had been stored through api-1');
});

test("nothing is known of too few, of searches through the same instance, or before the acknowledgement; and what is as near as the text may hide it", () => {
  expect(verdictOf([])).toBe("inconclusive");
  expect(verdictOf(story(49))).toBe("inconclusive");
  expect(verdictOf(story(60, {}, 10, "api-1"))).toBe("inconclusive");
  expect(verdictOf(story(60, { 7: { texts: [] } }, 0))).toBe("inconclusive");
  expect(verdictOf(story(60, { 7: { texts: ["other"], crowded: true } }))).toBe("holds");
  const unknown = story(60, { 7: { texts: [] } }).map((one) =>
    one.f === "keep" && one.invokedAt === 7000 ? { ...one, outcome: "info" as const } : one,
  );
  expect(verdictOf(unknown)).toBe("holds");
});

test("what only another was told to remember is found for nobody else, whatever became of its storing", () => {
  const input = { agent: "b", text: "secret" };
  const of = (outcome: "ok" | "info") => operation({ f: "keep", key: "b", input, output: { version: 1 }, outcome, invokedAt: 100, completedAt: 120 });
  const leaked = story(60, { 7: { texts: ["secret", "fact 7"] } });
  for (const outcome of ["ok", "info"] as const) {
    const judged = judge(evidence({ operations: [of(outcome), ...leaked] }));
    expect(judged).toMatchObject({ verdict: "violated", count: 1 });
    expect(judged.summary).toContain('"secret", which only b was told to remember, was found for a through api-2 at 7.030 s');
  }
  const both = { ...of("info"), key: "a", index: 999 };
  expect(verdictOf([of("ok"), both, ...leaked])).toBe("holds");
});

test("whichever single text is not found, it is told", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 900 }), (n, gapMs) => {
      expect(verdictOf(story(60, {}, gapMs))).toBe("holds");
      expect(verdictOf(story(60, { [n]: { texts: ["other"] } }, gapMs))).toBe("violated");
    }),
    { numRuns: 50 },
  );
});
