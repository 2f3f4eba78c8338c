import { expect, test } from "vitest";
import { noLostUpdate, pausedHolderRefused, staleWriteRefused, wokenBeforeAWrite } from "./fencing.ts";
import { evidence, injected, ledger, operation, writes } from "./fixtures.ts";
import { alwaysFinds, neverAccuses, some } from "./property.ts";

const turn = (token: number, version: number, outcome: "ok" | "info" = "ok") =>
  operation({ f: "turn", key: "a", invokedAt: version * 100, outcome, output: { agent: "a", token, version } });

test("growing tokens and versions hold", () => {
  const given = evidence({
    writes: writes([1, "a", 1, 1, "api-1"], [2, "a", 3, 2, "api-2"], [3, "b", 2, 1, "api-1"]),
    operations: [turn(1, 1), turn(3, 2)],
  });
  expect(staleWriteRefused(given)).toMatchObject({ verdict: "holds", examined: 3 });
});

test("a stale token, a hole in the versions and a turn that was never written violate; an unknown turn does not", () => {
  expect(staleWriteRefused(evidence({ writes: writes([1, "a", 3, 1, "api-1"], [2, "a", 2, 2, "api-2"]) })).summary).toContain(
    "stale token written at the resource",
  );
  expect(staleWriteRefused(evidence({ writes: writes([1, "a", 1, 1, "api-1"], [2, "a", 2, 3, "api-2"]) })).summary).toContain(
    "went from version 1 to 3",
  );
  const one = writes([1, "a", 1, 1, "api-1"]);
  expect(staleWriteRefused(evidence({ writes: one, operations: [turn(2, 2)] })).summary).toContain("was never written");
  expect(staleWriteRefused(evidence({ writes: one, operations: [turn(2, 2, "info")] })).verdict).toBe("holds");
  expect(staleWriteRefused(evidence()).verdict).toBe("inconclusive");
});

const stale = ledger(
  "lock",
  [1000, "enter", "a", 1, "api-1"],
  [5000, "enter", "a", 2, "api-2"],
  [5600, "exit", "a", 2, "api-2"],
  [6200, "exit", "a", 1, "api-1"],
);

test("a stale holder has to be provoked", () => {
  const faults = injected("pause", "api-1", 1500, 6000);
  const provoked = evidence({ ledger: stale, faults, writes: writes([5500, "a", 2, 1, "api-2"]) });
  expect(pausedHolderRefused(provoked)).toMatchObject({ verdict: "holds", numbers: { staleHolders: 1 } });
  expect(pausedHolderRefused({ ...provoked, writes: writes([6150, "a", 2, 1, "api-2"]) })).toMatchObject({
    verdict: "inconclusive",
    numbers: { staleHoldersBeforeAWrite: 1 },
  });
  expect(pausedHolderRefused({ ...provoked, faults: [] }).verdict).toBe("inconclusive");
  expect(pausedHolderRefused({ ...provoked, faults: faults.slice(0, 2) }).verdict).toBe("inconclusive");
  expect(pausedHolderRefused({ ...provoked, writes: writes([5500, "a", 2, 1, "api-2"], [6100, "a", 1, 2, "api-1"]) }).verdict).toBe("violated");
  expect(pausedHolderRefused(evidence()).verdict).toBe("inconclusive");
});

test("a sleeper has to wake up between what its successor read and that one's write", () => {
  const faults = injected("pause", "api-1", 1500, 6000);
  const sections = (readAt: number) =>
    ledger(
      "lock",
      [1000, "enter", "a", 1, "api-1"],
      [5000, "enter", "a", 2, "api-2"],
      [readAt, "step", "a", 2, "api-2", 1],
      [6200, "exit", "a", 1, "api-1"],
      [6600, "exit", "a", 2, "api-2"],
    );
  const own = writes([6500, "a", 2, 1, "api-2"]);
  const judged = (given: Parameters<typeof evidence>[0]) => wokenBeforeAWrite(evidence({ ledger: sections(5010), faults, writes: own, ...given }));
  expect(judged({})).toMatchObject({ verdict: "holds", examined: 1, numbers: { acceptedBeforeAWrite: 0 } });
  // Whether it wrote then is told, and is for what was lost by it to accuse.
  expect(judged({ writes: writes([6100, "a", 1, 1, "api-1"], [6500, "a", 2, 2, "api-2"]) })).toMatchObject({
    verdict: "holds",
    numbers: { acceptedBeforeAWrite: 1 },
  });
  expect(judged({ ledger: sections(6100) }).verdict).toBe("inconclusive");
  expect(judged({ ledger: stale }).verdict).toBe("inconclusive");
  expect(judged({ writes: writes([6010, "a", 2, 1, "api-2"]) }).verdict).toBe("inconclusive");
  expect(judged({ writes: [] }).verdict).toBe("inconclusive");
  expect(judged({ faults: [] }).verdict).toBe("inconclusive");
  expect(judged({ faults: faults.slice(0, 2) }).verdict).toBe("inconclusive");
});

test("two turns never make one version", () => {
  expect(noLostUpdate(evidence({ operations: [turn(1, 1), turn(2, 2)] })).verdict).toBe("holds");
  expect(noLostUpdate(evidence({ operations: [turn(1, 1), turn(2, 1)] })).verdict).toBe("violated");
  expect(noLostUpdate(evidence({ operations: [turn(1, 1), turn(2, 1, "info")] })).verdict).toBe("holds");
  expect(noLostUpdate(evidence()).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => {
  neverAccuses(staleWriteRefused);
  neverAccuses(pausedHolderRefused);
  neverAccuses(noLostUpdate);
});

test("a stale write is always found", () =>
  alwaysFinds(staleWriteRefused, (given, random) => {
    const write = some(random, given.writes, ({ token }) => token > 1);
    const last = write && given.writes.findLast(({ subject }) => subject === write.subject);
    return (
      last && {
        writes: [
          ...given.writes,
          { ...last, seq: given.writes.length, token: last.token - random.integer(1, last.token), version: last.version + 1 },
        ],
      }
    );
  }));

test("a lost update is always found", () =>
  alwaysFinds(noLostUpdate, ({ operations }, random) => {
    const answered = some(random, operations, ({ f, outcome }) => f === "turn" && outcome === "ok");
    return answered && { operations: [...operations, { ...answered, index: operations.length }] };
  }));
