import { expect, test } from "vitest";
import type { LedgerEntry } from "../core/records.ts";
import { evidence, injected, ledger, operation, writes } from "./fixtures.ts";
import { revokedLeaves } from "./revoked-leaves.ts";

/** The lock of token 4 is cleared between 10.000 and 10.020 s; a lease is 3 s. */
const faults = injected("clear-lock", "api-1", 10_000, 14_000).map((event) =>
  event.phase === "biting" ? { ...event, numbers: { revokedToken: 4 } } : event,
);
const section = (end: LedgerEntry["kind"], endAt: number) => ledger("lock", [8000, "enter", "a", 4, "api-1"], [endAt, end, "a", 4, "api-1"]);
const judged = (given: Parameters<typeof evidence>[0]) => revokedLeaves(evidence({ faults, ledger: section("exit", 11_000), ...given }));

test("a holder that leaves within its lease holds", () =>
  expect(judged({})).toMatchObject({ verdict: "holds", examined: 1, numbers: { revokedLeft: 1, leftMaxMs: 980 } }));

test("one that stays for longer violates, and so does one that never leaves or writes later", () => {
  expect(judged({ ledger: section("exit", 14_100) }).summary).toContain("left at 14.100 s, 4080 ms later; a lease is 3000 ms");
  expect(judged({ ledger: section("exit", 11_000).slice(0, 1) }).summary).toContain("never left");
  expect(judged({ writes: writes([14_100, "a", 4, 1, "api-1"]) }).summary).toContain("wrote at 14.100 s");
  expect(judged({ writes: writes([10_500, "a", 4, 1, "api-1"], [14_100, "b", 5, 1, "api-1"]) }).verdict).toBe("holds");
});

test("a miss within the tolerance of timers is none, and a lag of a fifth of the bound decides nothing", () => {
  expect(judged({ ledger: section("exit", 14_024) }).verdict).toBe("holds");
  expect(judged({ ledger: section("exit", 15_000), lagMs: 900 }).verdict).toBe("inconclusive");
});

test("of whom was killed, had done its turn, or cannot have been seen for so long, nothing is known", () => {
  expect(judged({ ledger: section("closed", 10_500) }).verdict).toBe("inconclusive");
  const turn = (token: number) => operation({ f: "turn", key: "a", invokedAt: 7000, completedAt: 11_010, output: { agent: "a", token, version: 1 } });
  expect(judged({ operations: [turn(4)] }).verdict).toBe("inconclusive");
  expect(judged({ operations: [turn(3)] }).verdict).toBe("holds");
  expect(judged({ ledger: section("exit", 11_000).slice(0, 1), endsAt: 13_000 }).verdict).toBe("inconclusive");
});

test("without a lock that was seen to be cleared nothing is examined", () => {
  expect(judged({ faults: [] }).verdict).toBe("inconclusive");
  expect(judged({ faults: injected("clear-lock", "api-1", 10_000, 14_000) }).verdict).toBe("inconclusive");
  expect(judged({ faults: faults.filter(({ phase }) => phase !== "biting") }).verdict).toBe("inconclusive");
  expect(judged({ ledger: [] }).verdict).toBe("inconclusive");
});

test("a target without leases is out of reach", () => expect(judged({ constants: {} }).verdict).toBe("out of reach"));
