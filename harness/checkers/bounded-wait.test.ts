import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { boundedWait } from "./bounded-wait.ts";
import { evidence, operation } from "./fixtures.ts";

const event = (phase: "requested" | "biting" | "healing" | "healed", time: number) => ({
  id: "hold-lock#1",
  fault: "hold-lock",
  on: "postgres",
  phase,
  time,
  working: [],
  text: "",
});
const faults = [event("requested", 1000), event("biting", 1100), event("healing", 4000), event("healed", 4100)];
const ask = (invokedAt: number, tookMs: number, served: Operation["served"]) =>
  operation({
    f: "create",
    invokedAt,
    completedAt: served === "yes" ? invokedAt + tookMs : Number.POSITIVE_INFINITY,
    answeredAt: invokedAt + tookMs,
    served,
    outcome: served === "yes" ? "ok" : "info",
  });
const later = operation({ f: "create", invokedAt: 50_000 });
const judge = (...operations: readonly Operation[]) =>
  boundedWait({ f: ["create"], fault: "hold-lock" })(evidence({ operations: [...operations, later], faults: faults as never }));

test("waiting for a while and being refused hold", () => {
  expect(judge(ask(1200, 2900, "yes"), ask(1300, 2000, "shed"))).toMatchObject({ verdict: "holds", examined: 2 });
});

test("waiting for too long, for ever, or failing without a word violate", () => {
  const refused = ask(1300, 2000, "shed");
  expect(judge(refused, ask(1200, 9000, "yes")).summary).toContain("waited for 9000 ms; 6000 ms are allowed");
  expect(judge(refused, ask(1200, Number.POSITIVE_INFINITY, "error")).verdict).toBe("violated");
  expect(judge(refused, ask(1200, 100, "error")).summary).toContain("was not refused but failed");
});

test("without a refusal there was no more demand than connections, and what was sent at other times says nothing", () => {
  expect(judge(ask(1200, 2900, "yes")).verdict).toBe("inconclusive");
  expect(judge(ask(500, 2000, "shed"), ask(4500, 9000, "error")).verdict).toBe("inconclusive");
  expect(judge().verdict).toBe("inconclusive");
});
