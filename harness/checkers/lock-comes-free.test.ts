import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, injected, type Line, lateElsewhere, ledger, operation } from "./fixtures.ts";
import { lockComesFree } from "./lock-comes-free.ts";

const refused = (invokedAt: number, answeredAt: number): Operation =>
  operation({ f: "turn", key: "a", invokedAt, answeredAt, outcome: "info", served: "shed", error: "status 503" });
const section = (from: number, to: number, token: number): Line[] => [
  [from, "enter", "a", token, "api-1"],
  [to, "closed", "a", token, "api-1"],
];
const judged = (operations: readonly Operation[], sections: readonly Line[][], more: Parameters<typeof evidence>[0] = {}) =>
  lockComesFree({ f: ["turn"] })(evidence({ operations, ledger: ledger("lock", ...sections.flat()), ...more }));

test("who waits beside holders is refused rightly, and so is who hardly waits", () => {
  expect(judged([refused(1000, 11_000)], [section(500, 9000, 1)])).toMatchObject({ verdict: "holds", numbers: { inVainForALease: 1 } });
  expect(judged([refused(6000, 9000)], [section(500, 1000, 1)])).toMatchObject({ verdict: "holds", numbers: { inVainForALease: 0 } });
});

test("who was interrupted by the end of the load has not been refused", () =>
  expect(judged([refused(1000, Number.POSITIVE_INFINITY)], [section(500, 2000, 1)])).toMatchObject({
    verdict: "holds",
    numbers: { inVainForALease: 0 },
  }));

test("who is kept out for longer than a lease by somebody who has died", () => {
  expect(judged([refused(1000, 11_000)], [section(500, 2000, 1)]).summary).toContain(
    "turn for a was refused at 11.000 s after 10000 ms (operation 0), although the last holder, token 1 on api-1, had died at 2.000 s (ledger 1); a lease is 3000 ms.",
  );
});

test("who is kept out and never refused: until the client gives up, or the load ends", () => {
  const waiting = (answeredAt: number, invokedAt = 1000): Operation => ({
    ...refused(invokedAt, answeredAt),
    served: "error",
    error: "request timeout",
  });
  const last = operation({ f: "read", invokedAt: 11_000 });
  const never = Number.POSITIVE_INFINITY;
  expect(judged([waiting(11_000)], [section(500, 2000, 1)]).summary).toContain("turn for a still waited at 11.000 s after 10000 ms");
  expect(judged([waiting(never), last], [section(500, 2000, 1)]).verdict).toBe("violated");
  expect(judged([waiting(never), last], [section(500, 9000, 1)]).verdict).toBe("holds");
  expect(judged([waiting(never, 8000), last], [section(500, 2000, 1)])).toMatchObject({ verdict: "holds", numbers: { inVainForALease: 0 } });
  // It may be with an instance that is stopped.
  const faults = injected("pause", "api-1", 5000, 8000);
  expect(judged([waiting(never), last], [section(500, 2000, 1)], { faults }).verdict).toBe("holds");
  expect(judged([waiting(never), { ...last, invokedAt: 16_000 }], [section(500, 2000, 1)], { faults }).verdict).toBe("violated");
});

test("who was refused by an instance that was stopped meanwhile accuses nobody", () => {
  const judgedWith = (on: string, from: number, to: number) =>
    judged([refused(1000, 11_000)], [section(500, 2000, 1)], { faults: injected("pause", on, from, to) });
  expect(judgedWith("api-1", 5000, 8000)).toMatchObject({ verdict: "holds", numbers: { inVainForALease: 0 } });
  expect(judgedWith("api-1", 2000, 6000).verdict).toBe("violated");
  expect(judgedWith("api-2", 5000, 8000).verdict).toBe("violated");
});

test("while a dependency is disturbed nobody is accused, nor while timers lag, nor without a section", () => {
  const faults = injected("restart-postgres", "postgres", 3000, 5000);
  expect(judged([refused(1000, 11_000)], [section(500, 2000, 1)], { faults }).verdict).toBe("holds");
  expect(judged([refused(1000, 11_000)], [section(500, 2000, 1)], { lagMs: 900 }).verdict).toBe("inconclusive");
  expect(judged([refused(1000, 11_000)], []).verdict).toBe("inconclusive");
});

test("a lag of another time hides no miss", () =>
  expect(judged([refused(1000, 11_000)], [section(500, 2000, 1)], lateElsewhere(9000, 95_000, 8000)).verdict).toBe("violated"));
