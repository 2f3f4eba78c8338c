import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { created, evidence } from "./fixtures.ts";
import { notBusyWithItself } from "./own-thread.ts";
import { neverAccuses } from "./property.ts";

const inThread = (invokedAt: number, given: Partial<Operation> = {}, key = "k", thread = "t1"): Operation => ({
  ...created("r1", invokedAt, { key, thread, steps: 1 }, key),
  ...given,
});
const refused = (status: number) => ({ outcome: "info", served: "shed", error: `status ${status}`, output: null }) as const;
const ended = { output: { run: "r1", status: "success" } };
const judged = (...operations: readonly Operation[]) => notBusyWithItself(evidence({ operations }));

test("told of the run again, while it is unfinished and later", () =>
  expect(judged(inThread(0), inThread(5), inThread(10), inThread(2000, ended))).toMatchObject({
    verdict: "holds",
    examined: 2,
    numbers: { unfinished: 2, later: 1 },
  }));

test("refused as busy with its own run violates, with the same body and with another", () => {
  expect(judged(inThread(0), inThread(5, refused(409))).summary).toContain(
    "the create of the key k was refused because thread t1 is busy, which only its own run r1 can keep busy",
  );
  const other = { ...inThread(5, refused(409)), input: { key: "k", thread: "t1", steps: 3 } };
  expect(judged(inThread(0), other).verdict).toBe("violated");
});

test("so it does where nobody knows what became of the create before", () => {
  const unknown = inThread(0, { outcome: "info", error: "no answer", output: null });
  expect(judged(unknown, inThread(5, refused(409))).summary).toContain("which no other key has used");
  expect(judged(unknown, inThread(5), inThread(9)).verdict).toBe("holds");
});

test("refused for another body, or for now, is none of it", () =>
  expect(judged(inThread(0), inThread(5), inThread(10, refused(422)), inThread(15, refused(503))).verdict).toBe("holds"));

test("a thread that others use may be busy with theirs, and without a key every create is another", () => {
  expect(judged(inThread(0), inThread(5), inThread(9, refused(409), "l")).verdict).toBe("inconclusive");
  expect(judged(inThread(0, {}, ""), inThread(5, refused(409), "")).verdict).toBe("inconclusive");
});

test("nothing is decided outside threads, without a repetition, and where every repetition came late", () => {
  expect(judged().verdict).toBe("inconclusive");
  expect(judged(created("r1", 0), created("r1", 5)).verdict).toBe("inconclusive");
  expect(judged(inThread(0)).verdict).toBe("inconclusive");
  expect(judged(inThread(0), inThread(2000, ended)).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(notBusyWithItself));
