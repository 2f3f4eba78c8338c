import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { created, evidence } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";
import { sameBodyTaken } from "./same-body-taken.ts";

const judge = (...operations: Operation[]) => sameBodyTaken({ afterMs: 1000 })(evidence({ operations }));
const sent = (invokedAt: number, steps = 1, key = "k"): Operation => created("r1", invokedAt, { key, steps }, key);
const refused = (create: Operation, status = 422): Operation => ({
  ...create,
  ...{ outcome: "info", served: "shed", error: `status ${status}`, output: null, completedAt: Number.POSITIVE_INFINITY },
});

test("answered with its run however late", () =>
  expect(judge(sent(0), sent(500), sent(80_000))).toMatchObject({ verdict: "holds", examined: 1, numbers: { sentAgainLate: 1, oldestMs: 79_990 } }));

test("refused as another one violates, late or at once", () => {
  expect(judge(sent(0), refused(sent(80_000))).summary).toContain(
    "the create of the key k was refused at 80.010 s as another one than that of 0.000 s",
  );
  expect(judge(sent(0), refused(sent(20))).verdict).toBe("violated");
  expect(judge(refused(sent(0)), sent(20)).verdict).toBe("violated");
});

test("another body is another one, and so is a body of which nobody knows whether it was taken", () => {
  expect(judge(sent(0), sent(2000), refused(sent(2000, 2))).verdict).toBe("holds");
  const unknown: Operation = { ...refused(sent(0), 0), served: "error", error: "no answer" };
  expect(judge(unknown, sent(20, 2), sent(2000, 2), refused(sent(2000))).verdict).toBe("holds");
});

test("refused for another reason, or without an answer, is none of it", () =>
  expect(judge(sent(0), sent(2000), refused(sent(2000), 409), refused(sent(2000), 503), refused(sent(2000), 0)).verdict).toBe("holds"));

test("without a key, and without one that came again so late, nothing was tried", () => {
  expect(judge(sent(0, 1, ""), sent(2000, 1, "")).verdict).toBe("inconclusive");
  expect(judge(sent(0), sent(900)).verdict).toBe("inconclusive");
  expect(judge().verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(sameBodyTaken({ afterMs: 1000 })));
