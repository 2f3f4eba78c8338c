import { expect, test } from "vitest";
import { evidence, ledger, writes } from "./fixtures.ts";
import { writtenInside } from "./written-inside.ts";

const entered = ledger("lock", [1000, "enter", "a", 1, "api-1"], [1100, "exit", "a", 1, "api-1"], [1200, "enter", "b", 2, "api-2"]);

test("a write in a section holds, also in one that never ended", () =>
  expect(writtenInside(evidence({ ledger: entered, writes: writes([1050, "a", 1, 1, "api-1"], [1300, "b", 2, 1, "api-2"]) }))).toMatchObject({
    verdict: "holds",
    examined: 2,
  }));
test("a write with a token that nobody entered with violates, and so does the token of another agent", () => {
  const check = writtenInside(evidence({ ledger: entered, writes: writes([1050, "a", 1, 1, "api-1"], [1300, "a", 3, 2, "api-2"]) }));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toBe(
    "agent a accepted a write with token 3 by api-2 at 1.300 s, and nobody had entered a critical section with that token (write 1).",
  );
  expect(writtenInside(evidence({ ledger: entered, writes: writes([1050, "a", 2, 1, "api-1"]) })).verdict).toBe("violated");
});
test("a record that was cut off may lack the section of its last writes", () => {
  const last = (time: number) => writtenInside(evidence({ ledger: entered, writes: writes([1050, "a", 1, 1, "api-1"], [time, "a", 3, 2, "api-2"]) }));
  expect([last(99_997).verdict, last(99_999).verdict, last(100_003).verdict]).toEqual(["violated", "holds", "holds"]);
});
test("without sections or writes nothing is decided", () => {
  expect(writtenInside(evidence({ writes: writes([1050, "a", 1, 1, "api-1"]) })).verdict).toBe("inconclusive");
  expect(writtenInside(evidence({ ledger: entered })).verdict).toBe("inconclusive");
});
