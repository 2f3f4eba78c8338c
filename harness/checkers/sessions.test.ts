import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { type Random, seeded } from "../core/random.ts";
import { executions } from "./executions.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { some } from "./property.ts";
import { monotonicReads, readYourWrites } from "./sessions.ts";
import { refreshed, staleness } from "./staleness.ts";

const names = { write: "put", read: "look" };
const bounded = staleness(names);
const access =
  (f: string) =>
  (process: string, version: number | null, invokedAt: number, outcome: "ok" | "info" = "ok") =>
    operation({ f, key: "block", process, invokedAt, outcome, output: version === null ? null : { version } });
const [put, look] = [access("put"), access("look")];
const verdicts = (...operations: readonly Operation[]) =>
  [readYourWrites(names), monotonicReads(names), bounded].map(
    (checker) => checker(evidence({ operations, constants: { cacheTtlMs: 1000 } })).verdict,
  );

test("reads that keep up hold", () => {
  expect(verdicts(put("p1", 1, 100), look("p1", 1, 200), put("p2", 2, 300), look("p1", 2, 400), look("p1", 2, 500))).toEqual([
    "holds",
    "holds",
    "holds",
  ]);
});

test("writes of several kinds count alike", () => {
  const both = readYourWrites({ write: ["put", "use"], read: "look" });
  const use = access("use")("p1", 2, 150);
  expect(both(evidence({ operations: [put("p1", 1, 100), use, look("p1", 1, 200)] })).verdict).toBe("violated");
  expect(both(evidence({ operations: [use, look("p1", 2, 200)] })).verdict).toBe("holds");
  expect(readYourWrites(names)(evidence({ operations: [use, look("p1", 1, 200)] })).verdict).toBe("inconclusive");
});

test("an old read breaks what the session wrote or read, at once; another's write only after the bound", () => {
  expect(verdicts(put("p1", 2, 100), look("p1", 1, 200))).toEqual(["violated", "inconclusive", "holds"]);
  expect(verdicts(put("p2", 2, 100), look("p1", 2, 200), look("p1", 1, 300))).toEqual(["inconclusive", "violated", "holds"]);
  expect(verdicts(put("p2", 2, 100), look("p1", 1, 1200))).toEqual(["inconclusive", "inconclusive", "violated"]);
  expect(verdicts(put("p2", 2, 100), look("p1", 1, 1114))).toEqual(["inconclusive", "inconclusive", "holds"]);
  expect(verdicts(put("p1", 1, 100), look("p1", null, 1200))).toEqual(["violated", "inconclusive", "violated"]);
});

test("a session of several clients: each knows at once what it did itself, and what another did once no copy may be older", () => {
  const of = (one: Operation) => ({ ...one, input: { session: "s" } });
  // What another client wrote or read a moment ago a copy may lack, of which the reader could not say that it is too old.
  expect(verdicts(of(put("p1", 1, 10)), of(put("p2", 2, 100)), of(look("p1", 1, 200)))).toEqual(["holds", "inconclusive", "holds"]);
  expect(verdicts(of(put("p1", 1, 10)), of(look("p2", 2, 100)), of(look("p1", 1, 200)))).toEqual(["holds", "inconclusive", "holds"]);
  expect(verdicts(of(put("p2", 2, 100)), of(look("p1", 1, 1200)))).toEqual(["violated", "inconclusive", "violated"]);
  expect(verdicts(of(look("p2", 2, 100)), of(look("p1", 1, 1200)))).toEqual(["inconclusive", "violated", "inconclusive"]);
  expect(verdicts(of(put("p1", 2, 100)), of(put("p2", 3, 150)), of(look("p1", 1, 200)))).toEqual(["violated", "inconclusive", "holds"]);
});

test("a cut that lasts longer than was counted on lets copies be older by that much", () => {
  const cut = { fault: "cut-replication", forMs: 5000 };
  const judge = (readAt: number, healedAt = 28_000) => {
    const faults = injected("cut-replication", "replication", 18_000, healedAt);
    return staleness(names, 10_000, cut)(evidence({ faults, operations: [put("p2", 2, 18_050), look("p1", 1, readAt)] })).verdict;
  };
  expect([judge(32_900), judge(33_500), judge(32_900, 23_000)]).toEqual(["holds", "violated", "violated"]);
  expect(staleness(names, 10_000)(evidence({ operations: [put("p2", 2, 18_050), look("p1", 1, 28_200)] })).verdict).toBe("violated");
});

test("a lag at another time that is as long as a read was old excuses nothing", () => {
  const operations = [put("p2", 2, 100), look("p1", 1, 2500)];
  const lateAt = (time: number) => {
    const samples = [2000, time - 500, time].map((at) => sample(at, "harness", { lagMs: at === time ? 3000 : 2 }));
    return bounded(evidence({ operations, constants: { cacheTtlMs: 1000 }, lagMs: 3000, samples })).verdict;
  };
  expect([lateAt(2600), lateAt(40_000)]).toEqual(["inconclusive", "violated"]);
});

test("the sentence names both operations, and the quantiles are those of the reads", () => {
  const check = bounded(evidence({ constants: { cacheTtlMs: 1000 }, operations: [put("p2", 2, 100), { ...look("p1", 1, 1610), index: 1 }] }));
  expect(check.summary).toBe(
    "the read of block at 1.610 s showed version 1, although version 2 had been acknowledged 1500 ms before; 1000 ms are allowed (operations 0, 1).",
  );
  expect(check.numbers).toMatchObject({ reads: 1, staleReads: 1, staleMaxMs: 1500 });
});

test("where nothing is lost a message refreshes what is read, long before a copy is old; what a fault explains is not judged", () => {
  const story = (readAt: number, faults = injected("partition", "api-1->redis", 3000, 4000)) =>
    refreshed(names, 300)(evidence({ operations: [put("p2", 2, 1000), look("p1", 1, readAt)], faults, endsAt: 20_000 })).verdict;
  expect(story(1250)).toBe("holds");
  expect(story(1500)).toBe("violated");
  expect(story(3500)).toBe("inconclusive");
  expect(story(9000)).toBe("inconclusive");
  expect(story(9000, [])).toBe("violated");
});

test("a write of unknown outcome owes nothing, a read of unknown outcome says nothing", () => {
  expect(verdicts(put("p1", 2, 100, "info"), look("p1", 1, 5000))).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
  expect(verdicts(put("p1", 2, 100), look("p1", 1, 5000, "info"))).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
});

test("concurrent operations have no order", () => {
  expect(verdicts(put("p1", 2, 100), { ...look("p1", 1, 105), process: "p1" })).toEqual(["inconclusive", "inconclusive", "holds"]);
});

test("an empty history is inconclusive", () => expect(verdicts()).toEqual(["inconclusive", "inconclusive", "inconclusive"]));

/** Sessions over a store and a cache that is filled from it and lives for at most 900 ms; a session never goes back behind what it knows. */
function correct(random: Random): Operation[] {
  const operations: Operation[] = [];
  const history = [{ version: 0, at: 0 }];
  const knows = new Map<string, number>();
  let now = 0;
  for (let i = 0; i < 40; i++) {
    now += random.integer(1, 300);
    const session = random.pick(["p1", "p2", "p3"]);
    const newest = history[history.length - 1] as (typeof history)[number];
    if (random.next() < 0.4) {
      const outcome = random.next() < 0.2 ? "info" : "ok";
      operations.push(put(session, newest.version + 1, now, outcome));
      if (outcome === "ok" || random.next() < 0.5) history.push({ version: newest.version + 1, at: now + 10 });
      if (outcome === "ok") knows.set(session, newest.version + 1);
      now += 10;
      continue;
    }
    const cached = history.filter(
      ({ version, at }, place) => version >= (knows.get(session) ?? 0) && (history[place + 1]?.at ?? now) > now - 900 && at <= now,
    );
    const { version } = random.pick(cached.length > 0 ? cached : [newest]);
    operations.push(look(session, version, now));
    knows.set(session, Math.max(version, knows.get(session) ?? 0));
    now += 10;
  }
  return operations;
}

test("correct sessions and caches are never accused, and a read that goes back to the beginning is always found", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const operations = correct(seeded(seed));
      const found = verdicts(...operations);
      expect(found).not.toContain("violated");
      expect(verdicts(...seeded(seed, "order").shuffle(operations))).toEqual(found);
      const written = operations.filter((one) => one.f === "put" && one.outcome === "ok");
      const victim = some(
        seeded(seed, "victim"),
        operations,
        (one) => one.f === "look" && written.some((write) => write.process === one.process && write.completedAt < one.invokedAt),
      );
      const first = written[0];
      if (!victim || !first) return;
      const back = { ...victim, output: { version: -1 } };
      const [own, , old] = verdicts(...operations.map((one) => (one === victim ? back : one)));
      expect(own).toBe("violated");
      if (victim.invokedAt - first.completedAt > 1010) expect(old).toBe("violated");
    }),
    { numRuns: executions },
  );
});
