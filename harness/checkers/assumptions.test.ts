import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "../core/random.ts";
import type { Evidence } from "../core/verdict.ts";
import { carriedOut, defectInEffect } from "./carried-out.ts";
import { enough } from "./enough.ts";
import { fewerExecutions } from "./executions.ts";
import { faultsBit } from "./faults-bit.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { generate } from "./generate.ts";
import { type GeneratorFacts, historyValid } from "./history-valid.ts";

const operations = Array.from({ length: 2500 }, (_, index) => operation({ index, f: "get", invokedAt: index * 10 }));

test("faults have to bite, to heal, to hit somebody at work, and to be all there", () => {
  const events = injected("kill", "queue-1", 5000, 8000);
  const judged = (faults: typeof events, scheduled = 1) => faultsBit({ scheduled })(evidence({ operations, faults }));
  expect(judged(events).verdict).toBe("holds");
  expect(judged(events.filter(({ phase }) => phase !== "biting")).summary).toContain("never seen biting");
  expect(judged(events.filter(({ phase }) => phase !== "healed")).summary).toContain("never seen healed");
  expect(judged(events.map((event) => ({ ...event, working: [] }))).summary).toContain("doing nothing");
  expect(judged(events, 2).summary).toContain("2 faults were scheduled and 1 requested");
  expect(judged([], 0).verdict).toBe("holds");
  for (const verdict of [judged([], 1), faultsBit({ scheduled: 1 })(evidence())].map((check) => check.verdict)) expect(verdict).toBe("inconclusive");
});

test("operations are counted in all and during each fault", () => {
  const judged = (perFault: number, faults = injected("kill", "queue-1", 5000, 8000)) =>
    enough({ operations: 2000, perFault })(evidence({ operations, faults }));
  expect(judged(500)).toMatchObject({ verdict: "holds", numbers: { fewestPerFault: 500 } });
  expect(judged(501).summary).toContain("500 operations were wanted during kill#1");
  for (const healedAt of [5100, 6500, 8900]) expect(judged(500, injected("kill", "queue-1", 5000, healedAt)).verdict).toBe("holds"); // it is felt for 5 s
  expect(judged(501, injected("kill", "queue-1", 5000, 6500)).verdict).toBe("inconclusive");
  expect(judged(300, injected("scale", "queue", 5000, 5500)).verdict).toBe("holds");
  expect(enough({ operations: 2501, perFault: 0 })(evidence({ operations })).verdict).toBe("inconclusive");
  expect(enough({ operations: 0, perFault: 0 })(evidence()).verdict).toBe("inconclusive");
});

test("some of each kind have to succeed before, during and after each fault; a sideshow need not", () => {
  const kinds = operations.map((one) => ({ ...one, f: one.index % 2 === 0 ? "get" : "create" }));
  const judged = (given: typeof kinds, perFault = 100) =>
    enough({ operations: 2000, perFault })(evidence({ operations: given, faults: injected("kill", "queue-1", 11_000, 13_000) }));
  expect(judged(kinds)).toMatchObject({ verdict: "holds", numbers: { fewestOfKind: 250 } });
  const failed = (from: number, to: number) =>
    kinds.map((one) => (one.f === "create" && one.invokedAt >= from && one.invokedAt < to ? { ...one, outcome: "fail" as const } : one));
  expect(judged(failed(11_000, 16_000))).toMatchObject({ verdict: "inconclusive", summary: expect.stringContaining("0 of create during kill#1") });
  expect(judged(failed(0, 11_000)).summary).toContain("0 of create before kill#1");
  expect(judged(failed(16_000, 27_000)).summary).toContain("of create after kill#1");
  expect(judged(failed(11_000, 16_000), 0).verdict).toBe("holds");
  expect(judged(kinds.map((one) => (one.index % 25 === 0 ? { ...one, f: "cancel", outcome: "info" as const } : one))).verdict).toBe("holds");
});

test("an experiment that was broken off is inconclusive, whatever else holds", () => {
  expect(carriedOut("")(evidence({ operations })).verdict).toBe("holds");
  expect(carriedOut("Steady state was not seen.")(evidence({ operations }))).toMatchObject({
    verdict: "inconclusive",
    summary: "Steady state was not seen.",
  });
  expect(carriedOut("")(evidence()).verdict).toBe("inconclusive");
  expect(defectInEffect([])(evidence({ operations })).verdict).toBe("holds");
  expect(defectInEffect(["a.ts"])(evidence({ operations }))).toMatchObject({
    verdict: "inconclusive",
    count: 1,
    summary: expect.stringContaining("edits a.ts, which nothing has read"),
  });
});

test("a history is valid when it pairs, is bounded, and is counted alike", () => {
  const generator = { vusMax: 10, operationsCompleted: 2500, stoppedAt: Number.POSITIVE_INFINITY, scriptExceptions: 0 };
  const judged = (change: Partial<GeneratorFacts>, given = operations) =>
    historyValid({ problems: [], generator: { ...generator, ...change } })(evidence({ operations: given }));
  expect(judged({})).toMatchObject({ verdict: "holds", examined: 2500 });
  expect(historyValid({ problems: ["The clock stepped back."], generator })(evidence({ operations })).summary).toBe("The clock stepped back.");
  expect(historyValid({ problems: [], generator: null })(evidence({ operations })).verdict).toBe("holds");
  expect(judged({ operationsCompleted: 2499 }).verdict).toBe("inconclusive");
  expect(judged({ operationsCompleted: 2501 }).verdict).toBe("inconclusive");
  // One that was under way when the load was ended may have been counted or not.
  const last = operations.reduce((latest, one) => Math.max(latest, one.answeredAt), 0);
  expect(judged({ operationsCompleted: 2499, stoppedAt: last }).verdict).toBe("holds");
  expect(judged({ operationsCompleted: 2498, stoppedAt: last }).verdict).toBe("inconclusive");
  expect(judged({ scriptExceptions: 1 }).verdict).toBe("inconclusive");
  const open = operations.map((one) => (one.index < 11 ? { ...one, answeredAt: Number.POSITIVE_INFINITY } : one));
  expect(judged({ operationsCompleted: 2489 }, open).summary).toContain("only 10 clients");
  expect(judged({ operationsCompleted: 2489, vusMax: 11 }, open).verdict).toBe("holds");
  expect(judged({ operationsCompleted: 0 }, []).verdict).toBe("inconclusive");
});

test("a record that is all there is accepted, what is missing from it is always seen, and nobody is accused, in any order of the lines", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const given = generate(random, { runs: 8, turns: 4 });
      const scheduled = new Set(given.faults.map(({ id }) => id)).size;
      // Victims of the simulation may have been idle.
      const faults = given.faults.map((one) => ({ ...one, working: ["run r1 attempt 1"] }));
      const whole = { ...given, operations: random.shuffle(given.operations), faults };
      const answered = whole.operations.filter(({ answeredAt }) => Number.isFinite(answeredAt));
      const open = whole.operations.length - answered.length;
      const generator = { vusMax: open, operationsCompleted: answered.length, stoppedAt: Number.POSITIVE_INFINITY, scriptExceptions: 0 };
      const judges = (facts: { scheduled?: number; generator?: Partial<GeneratorFacts>; problems?: string[]; least?: number; problem?: string }) => [
        faultsBit({ scheduled: facts.scheduled ?? scheduled }),
        historyValid({ problems: facts.problems ?? [], generator: { ...generator, ...facts.generator } }),
        enough({ operations: facts.least ?? whole.operations.length, perFault: 0 }),
        carriedOut(facts.problem ?? ""),
      ];
      const verdicts = (evidence: Evidence, facts: Parameters<typeof judges>[0] = {}) => judges(facts).map((judge) => judge(evidence).verdict);
      expect(verdicts(whole)).toEqual(["holds", "holds", "holds", "holds"]);
      const lacking: readonly (readonly [place: number, verdicts: string[]])[] = [
        [0, verdicts(whole, { scheduled: scheduled + 1 })],
        [
          0,
          verdicts(
            { ...whole, faults: faults.filter(({ phase }) => phase !== "biting" && phase !== "healed") },
            { scheduled: Math.max(1, scheduled) },
          ),
        ],
        [1, verdicts(whole, { generator: { operationsCompleted: random.pick([answered.length - 1, whole.operations.length + 1]) } })],
        [1, verdicts(whole, { generator: { vusMax: open - 1 } })],
        [1, verdicts(whole, { generator: { scriptExceptions: 1 } })],
        [1, verdicts(whole, { problems: ["The clock stepped back."] })],
        [2, verdicts(whole, { least: whole.operations.length + 1 })],
        [3, verdicts(whole, { problem: "Steady state was not seen." })],
      ];
      for (const [place, found] of lacking) {
        expect(found).not.toContain("violated");
        expect(found[place]).toBe("inconclusive");
      }
    }),
    { numRuns: fewerExecutions },
  );
});
