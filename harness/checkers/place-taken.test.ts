import { describe, expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { type Change, created, evidence, operation, trail } from "./fixtures.ts";
import { busyRefuses, interruptedAreOver } from "./place-taken.ts";
import { neverAccuses } from "./property.ts";

/** Asked for at a time, answered 10 ms later. */
const run = (name: string, invokedAt: number, rule: string, thread = "t1"): Operation =>
  created(name, invokedAt, { key: `key-${name}`, thread, rule, steps: 1 });
const refused = (name: string, invokedAt: number, rule = "reject"): Operation => ({
  ...run(name, invokedAt, rule),
  ...{ outcome: "info", served: "shed", error: "status 409", output: null, completedAt: Number.POSITIVE_INFINITY },
});
const unknown = (one: Operation): Operation => ({ ...one, outcome: "info", served: "error", output: null, completedAt: Number.POSITIVE_INFINITY });
const waits = (name: string, at: number): Change => [at, name, null, "pending", 0, "", "api-1"];
const begins = (name: string, at: number): Change => [at, name, "pending", "running", 1, "queue-1", "queue-1"];
const ends = (name: string, at: number, to: string, from = "running"): Change => [at, name, from, to, 1, "", "api-1"];

describe("interruptedAreOver", () => {
  const judge = (operations: Operation[], ...all: Change[]) => interruptedAreOver(evidence({ operations, transitions: trail(...all) }));
  const line = [run("a", 1000, "enqueue"), run("b", 1020, "enqueue"), run("c", 1100, "interrupt")];
  const begun = [waits("a", 1005), begins("a", 1010), waits("b", 1025)];
  const cancelled = [ends("a", 1105, "cancelled"), ends("b", 1105, "cancelled", "pending")];

  test("what was at work and what waited in line is cancelled", () =>
    expect(judge(line, ...begun, ...cancelled, waits("c", 1106))).toMatchObject({
      verdict: "holds",
      examined: 2,
      numbers: { interruptedInLine: 1, interruptedAtWork: 1 },
    }));

  test("what ended by itself before the answer was over as well", () => {
    const three = [...line, run("d", 1030, "enqueue")];
    const own = [waits("d", 1035), begins("d", 1050), ends("d", 1107, "success")];
    expect(judge(three, ...begun, ...own, ...cancelled).verdict).toBe("holds");
  });

  test("what waited in line and was worked on after the answer violates, and what never ended", () => {
    const later = [begins("b", 1300), ends("b", 1400, "success")];
    expect(judge(line, ...begun, ...cancelled.slice(0, 1), ...later).summary).toContain(
      "run c was to be worked on in place of all others in thread t1, acknowledged at 1.110 s, but run b, acknowledged at 1.030 s before it was asked for, became success only at 1.400 s",
    );
    expect(judge(line, ...begun, ...cancelled.slice(0, 1)).summary).toContain("never ended");
    expect(judge(line, ...begun, ...cancelled.slice(0, 1), ends("b", 2000, "cancelled", "pending")).verdict).toBe("violated");
  });

  test("the clocks of the trail and of the client may differ", () => {
    const at = (time: number) => judge(line, ...begun, ...cancelled.slice(0, 1), ends("b", time, "cancelled", "pending")).verdict;
    expect([at(1114), at(1115)]).toEqual(["holds", "violated"]);
  });

  test("nothing is said of what was asked for at the same time, in another thread, or acknowledged to nobody", () => {
    const beside = [run("e", 1095, "enqueue"), run("f", 1000, "enqueue", "t2"), unknown(run("g", 1000, "enqueue")), run("h", 1090, "enqueue")];
    const later = beside
      .map(({ output }) => (output as { run: string } | null)?.run ?? "g")
      .flatMap((name) => [waits(name, 1100), ends(name, 1900, "success")]);
    expect(judge([...line, ...beside], ...begun, ...cancelled, ...later).verdict).toBe("holds");
  });

  test("an interrupt that nobody acknowledged, or that came later, ends nothing yet", () => {
    const later = [ends("a", 1500, "success"), begins("b", 1501), ends("b", 1700, "success")];
    expect(judge([...line.slice(0, 2), unknown(run("c", 1100, "interrupt"))], ...begun, ...later).verdict).toBe("inconclusive");
    expect(judge([...line.slice(0, 2), run("c", 1800, "interrupt")], ...begun, ...later).verdict).toBe("inconclusive");
  });

  test("of several interrupts at once each may have come first; the next one ends all of them", () => {
    const both = [...line, run("d", 1102, "interrupt"), run("e", 1200, "interrupt")];
    const all = [...begun, ...cancelled, waits("d", 1106), begins("d", 1108), ends("d", 1109, "cancelled"), waits("c", 1109), waits("e", 1205)];
    expect(judge(both, ...all, ends("c", 1205, "cancelled", "pending")).verdict).toBe("holds");
    expect(judge(both, ...all, ends("c", 1400, "success", "pending")).verdict).toBe("violated");
  });

  test("a key that is sent again asks for nothing new, and may have been taken at its first send", () => {
    const again = { ...run("c", 1300, "interrupt"), output: { run: "c", status: "running" } };
    const first = unknown(run("c", 1100, "interrupt"));
    const after = [run("d", 1200, "enqueue"), waits("d", 1205), ends("d", 1900, "success")] as const;
    const [d, ...changes] = after;
    expect(judge([...line.slice(0, 2), first, d, again], ...begun, ...cancelled, ...changes).verdict).toBe("holds");
  });

  test("without runs in line, or without any at work, nothing was tried; nor where the record ended at that moment", () => {
    expect(judge(line, ...begun.slice(0, 2), cancelled[0] as Change).verdict).toBe("inconclusive");
    expect(judge(line, ...begun.slice(2), cancelled[1] as Change).verdict).toBe("inconclusive");
    expect(interruptedAreOver(evidence({ operations: line, transitions: trail(...begun), endsAt: 1111 })).verdict).toBe("inconclusive");
    expect(judge([]).verdict).toBe("inconclusive");
  });

  test("correct executions are never accused", () => neverAccuses(interruptedAreOver));
});

describe("busyRefuses", () => {
  const judge = (operations: Operation[], ...all: Change[]) => busyRefuses(evidence({ operations, transitions: trail(...all) }));
  const first = run("a", 1000, "enqueue");
  const goesOn = [waits("a", 1005), begins("a", 1010), ends("a", 1500, "success")];
  const later = run("z", 1600, "reject");
  const after = [waits("z", 1605), begins("z", 1610), ends("z", 1700, "success")];

  test("refused beside a run that goes on, accepted after it", () =>
    expect(judge([first, refused("b", 1100), run("c", 1600, "reject")], ...goesOn, waits("c", 1605))).toMatchObject({
      verdict: "holds",
      examined: 1,
      numbers: { refusedAsBusy: 1, acceptedAfter: 1 },
    }));

  test("accepted beside a run that goes on violates", () =>
    expect(judge([first, run("b", 1100, "reject")], ...goesOn, waits("b", 1105)).summary).toContain(
      "run b was to be refused beside any other in thread t1, acknowledged at 1.110 s, but run a",
    ));

  test("where no rule is named it is this one", () => {
    const plain = created("b", 1100, { key: "key-b", thread: "t1", steps: 1 });
    expect(judge([first, plain], ...goesOn).verdict).toBe("violated");
  });

  test("told of its own run again is not accepted beside it", () =>
    expect(judge([run("a", 1000, "reject"), run("a", 1100, "reject"), refused("b", 1200), later], ...goesOn, ...after).verdict).toBe("holds"));

  const told = (name: string, at: number, status: string): Operation =>
    operation({ f: "wait", invokedAt: at, key: name, input: { run: name }, output: { status, attempt: 1 } });

  test("refused when all that the thread ever had were over violates, also those that were cancelled", () => {
    expect(judge([first, told("a", 1510, "success"), refused("b", 1600)], ...goesOn).summary).toContain(
      "the create of the key key-b was refused at 1.610 s because thread t1 is busy, though clients had been told the end of all runs that it can have had before this one was asked for at 1.600 s",
    );
    const cancelled = [waits("a", 1005), ends("a", 1500, "cancelled", "pending")];
    expect(judge([first, told("a", 1510, "cancelled"), refused("b", 1600)], ...cancelled).verdict).toBe("violated");
    expect(judge([refused("b", 900), run("a", 1000, "enqueue")], waits("a", 1005)).verdict).toBe("violated");
  });

  test("refused beside what may have been there is right: of whose end or thread nobody was told, or that came meanwhile", () => {
    const ofA = told("a", 1510, "success");
    expect(judge([first, refused("b", 1600)], ...goesOn).verdict).toBe("inconclusive");
    expect(busyRefuses(evidence({ operations: [first, ofA, refused("b", 1600)], transitions: trail(...goesOn), endsAt: 1612 })).verdict).toBe(
      "inconclusive",
    );
    expect(judge([first, told("a", 1590, "success"), refused("b", 1600)], ...goesOn).verdict).toBe("inconclusive");
    expect(judge([first, told("a", 1510, "running"), refused("b", 1600)], ...goesOn).verdict).toBe("inconclusive");
    expect(judge([first, ofA, refused("b", 1600)], ...goesOn, waits("x", 1300), ends("x", 1400, "success")).verdict).toBe("inconclusive");
    expect(judge([first, ofA, refused("b", 1600), later], ...goesOn, ...after).verdict).toBe("inconclusive");
  });

  test("refused as busy by a rule that takes a busy thread violates, whether or not it was", () => {
    const both = [first, refused("b", 1100), later];
    expect(judge([...both, refused("c", 1100, "interrupt")], ...goesOn, ...after).summary).toContain(
      "the create of the key key-c was refused at 1.110 s because thread t1 is busy, though its rule is interrupt",
    );
    expect(judge([...both, refused("c", 1100, "enqueue")], ...goesOn, ...after).verdict).toBe("violated");
    expect(judge([...both, { ...refused("c", 1100, "enqueue"), error: "status 429" }], ...goesOn, ...after).verdict).toBe("holds");
  });

  test("an end in that moment, another rule, and a run of unknown outcome allow both", () => {
    expect(judge([first, run("b", 1495, "reject"), refused("c", 1100)], ...goesOn).verdict).toBe("holds");
    expect(judge([first, run("b", 1100, "enqueue"), refused("c", 1100), later], ...goesOn, ...after).verdict).toBe("holds");
    expect(judge([unknown(first), run("b", 1100, "reject")], ...goesOn).verdict).toBe("inconclusive");
  });

  test("nothing was tried where nobody was refused beside a run that went on, or nobody accepted after one", () => {
    expect(judge([first, refused("b", 1100)], ...goesOn).verdict).toBe("inconclusive");
    expect(judge([first, refused("b", 1495)], ...goesOn).verdict).toBe("inconclusive");
    expect(judge([first, run("c", 1600, "reject")], ...goesOn).verdict).toBe("inconclusive");
    expect(judge([]).verdict).toBe("inconclusive");
  });

  test("correct executions are never accused", () => neverAccuses(busyRefuses));
});
