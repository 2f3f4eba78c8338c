import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { read, refusal } from "./fixtures.ts";

describe("times", () => {
  const times = async (content: string) => (await read(content)).operations.map(({ invokedAt, completedAt }) => [invokedAt, completedAt]);
  const never = Number.POSITIVE_INFINITY;

  it("the order of Jepsen's lines is the order of events, whatever their times; nanoseconds become ms", async () => {
    expect(await times("{:process 0 :type :invoke :f :r}{:process 1 :type :invoke :f :r}{:process 0 :type :ok :f :r}")).toEqual([
      [0, 2],
      [1, never],
    ]);
    const [[first = 0, second = 0] = [], [third = 0, fourth = 0] = []] = await times(
      '{"index":0,"time":5000000,"process":0,"type":"invoke","f":"r"}\n{"index":1,"time":7000000,"process":0,"type":"ok","f":"r"}\n{"index":2,"time":7000000,"process":1,"type":"invoke","f":"r"}\n{"index":3,"time":8000000,"process":1,"type":"ok","f":"r"}\n',
    );
    expect([first, second, fourth]).toEqual([0, 2, 3]);
    expect(third).toBeGreaterThan(second);
    expect(third).toBeLessThan(2.001);
  });

  it("our own lines are ordered by their times alone, and equal times stay equal", async () => {
    const lines =
      '{"type":"invoke","time":4,"process":"a","f":"r"}\n{"type":"ok","time":5,"process":"a","f":"r"}\n{"type":"invoke","time":5,"process":"b","f":"r"}\n';
    expect(await times(lines)).toEqual([
      [4, 5],
      [5, never],
    ]);
  });

  it("one time for all is none", async () => {
    const lines =
      '{"type":"invoke","time":0,"process":"a","f":"r"}\n{"type":"ok","time":0,"process":"a","f":"r"}\n{"type":"invoke","time":0,"process":"b","f":"r"}\n';
    expect(await times(lines)).toEqual([
      [0, 1],
      [2, never],
    ]);
  });
});

describe("lines in another order than their events", () => {
  const lines = ["a", "b", "c"].flatMap((process, i) => [
    { type: "invoke", time: 2 * i, process, f: "w", value: i },
    { type: "ok", time: 2 * i + 3, process, f: "w", value: i },
    { type: "invoke", time: 2 * i + 3, process, f: "r" },
    { type: "ok", time: 2 * i + 3, process, f: "r", value: i },
  ]);
  const inTime = lines.toSorted((a, b) => a.time - b.time);
  const told = async (events: readonly object[]) =>
    (await read(events.map((event) => `${JSON.stringify(event)}\n`).join(""))).operations
      .map(({ process, f, output, invokedAt, completedAt }) => [process, f, output, invokedAt, completedAt].join(" "))
      .sort();

  it("times decide, and an index does", async () => {
    const expected = await told(inTime);
    const indexed = inTime.map((event, index) => ({ index, ...event, time: event.time * 1e6 }));
    const expectedByIndex = await told(indexed);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...inTime.keys()], { minLength: inTime.length }), async (order) => {
        expect(await told(order.map((i) => indexed[i] as object))).toEqual(expectedByIndex);
        const shuffled = order.map((i) => inTime[i] as object);
        expect(await told(shuffled)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("lines that pair well, and a clock that stepped back, are no such thing", async () => {
    const [write, ok] = [
      { type: "invoke", time: 5, process: "a", f: "w" },
      { type: "ok", time: 6, process: "a", f: "w" },
    ];
    const back = [write, ok, { ...write, time: 2 }, { ...ok, time: 3 }].map((event) => `${JSON.stringify(event)}\n`).join("");
    expect(await refusal(back)).toMatch(/ line 3: The clock stepped back by 4 ms/);
  });
});

describe("what unit cases of Jepsen's hold is read, and told", () => {
  it("completions only", async () => {
    const { operations, notes } = await read(
      '{"index":0,"process":0,"type":"ok","value":[["append","x",1]],"time":-1}\n{"index":1,"process":0,"type":"fail","value":[["append","x",2]],"time":0}\n',
    );
    expect(operations.map(({ f, outcome, invokedAt, completedAt }) => [f, outcome, invokedAt, completedAt])).toEqual([
      ["txn", "ok", -1, 0],
      ["txn", "fail", -1, 1e-6],
    ]);
    expect(notes.join()).toContain("no invocations: each of its 2 completions");
  });

  it("a process with two operations open, matched by value", async () => {
    const { operations, notes } = await read(
      "{:process 0 :type :invoke :f :w :value 2}{:process 0 :type :invoke :f :w :value 1}{:process 0 :type :ok :f :w :value 1}{:process 0 :type :ok :f :w :value 2}",
    );
    expect(operations.map(({ input, output, invokedAt, completedAt }) => [input, output, invokedAt, completedAt])).toEqual([
      [2, 2, 0, 3],
      [1, 1, 0, 2],
    ]);
    expect(notes.join()).toContain("had another one open: 1");
  });

  it("a process that goes on after an unknown outcome", async () => {
    const { operations, notes } = await read(
      "{:process 0 :type :invoke :f :w :value 2}{:process 0 :type :info :f :w :value 2}{:process 0 :type :invoke :f :r}",
    );
    expect(operations.length).toBe(2);
    expect(notes.join()).toMatch(/unknown outcome: 1; both count.*never completed: 1/);
  });
});
