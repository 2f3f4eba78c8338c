import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEventReader } from "./event-reader.ts";
import { readHistory } from "./history-file.ts";
import { createPairing } from "./pairing.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Buffer) {
  const path = join(folder, `${Math.abs(content.length)}-history`);
  await writeFile(path, content);
  return readHistory(path);
}

/** process, f, key, input, output, outcome of each operation. */
async function table(content: string | Buffer) {
  const { operations } = await read(content);
  return operations.map(({ process, f, key, input, output, outcome }) => [process, f, key, input, output, outcome]);
}

const refusal = (content: string | Buffer): Promise<string> =>
  read(content).then(
    () => "accepted",
    (error) => `${error.name}: ${error.message.slice(folder.length)}`,
  );

const readOf3 = [
  ["0", "write", "", 3, 3, "ok"],
  ["1", "read", "", null, 3, "ok"],
];

describe("formats are told apart by their content", () => {
  it.each([
    [
      "Jepsen's EDN",
      "[{:process 0, :type :invoke, :f :write, :value 3}\n ; a comment {\n {:process 0  :type :ok, :f :write, :value 3}{:process 1 :type :invoke :f :read :value nil}\n{:process 1 :type :ok :f :read :value 3}]",
    ],
    [
      "Jepsen's EDN",
      '#jepsen.history.Op{:index 0 :time 5 :process 0, :type :invoke, :f :write, :value 3}\n{:index 1 :time 7 :process 0 :type :ok, :f :write, :value 3}\n{:process :nemesis :type :info :f :start :value "#[:n1"}\n{:process 1 :type :invoke :f :read :value nil}\n#_{:ignored 1}{:process 1 :type :ok :f :read :value 3}\n',
    ],
    [
      "Jepsen's EDN",
      '#jepsen.history.DenseHistory [{:process 0, :type :invoke, :f :write, :value 3} {:process 0 :type :ok, :f :write, :value 3 :exception #object[a.B 0x1f2e "#"]}{:process 1 :type :invoke :f :read :value nil}{:process 1 :type :ok :f :read :value 3}]',
    ],
    [
      "Jepsen's EDN",
      '{"process" 0 "type" "invoke" "f" "write" "value" 3}{"process" 0 "type" "ok" "f" "write" "value" 3}{"process" 1 "type" "invoke" "f" "read"}{"process" 1 "type" "ok" "f" "read" "value" 3}',
    ],
    [
      "Jepsen's JSON",
      '{":process":0,":type":":invoke",":f":":write",":value":3}\n{":process":0,":type":":ok",":f":":write",":value":3,":time":null}\n{":process":1,":type":":invoke",":f":":read"}\n{":process":1,":type":":ok",":f":":read",":value":3}',
    ],
    [
      "Jepsen's text log",
      "2015-01-02 10:00:00,123{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:invoke\t:write\t3\n2015-01-02 10:00:00,124{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:ok\t:write\t3\n2015-01-02 10:00:00,125{GMT}\tINFO\t[jepsen nemesis] jepsen.util: :nemesis\t:info\t:start\tnil\n2015-01-02 10:00:00,126{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:invoke\t:read\tnil\n2015-01-02 10:00:00,127{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:ok\t:read\t3\n",
    ],
    [
      "Jepsen's text log",
      "0\t:invoke\t:write\t3\r\n0\t:ok\t:write\t3\r\n:nemesis\t:info\t:start\tnil\r\n1\t:invoke\t:read\tnil\r\n1\t:ok\t:read\t3\r\n",
    ],
    [
      "Jepsen's JSON",
      '[{"index":0,"process":0,"type":"invoke","f":"write","value":3},\n{"index":1,"process":0,"type":"ok","f":"write","value":3},{"process":1,"type":"invoke","f":"read","value":null},{"process":1,"type":"ok","f":"read","value":3}]',
    ],
    [
      "Jepsen's JSON",
      '\ufeff{"process":0,"type":"invoke","f":":write","value":3}\r\n{"process":0,"type":":ok","f":"write","value":3}\r\n{"process":"nemesis","type":"info","f":"kill"}\r\n{"process":1,"type":"invoke","f":"read"}\r\n{"process":1,"type":"ok","f":"read","value":3}\r\n',
    ],
    [
      "JSON lines ordered by time",
      '{"type":"clock","time":1,"harness":2,"delta":1}\n{"type":"invoke","time":1,"process":"0","f":"write","value":3}\n{"type":"ok","time":2,"process":"0","f":"write","served":"yes","value":3}\n{"type":"beat","time":2}\n{"type":"invoke","time":3,"process":"1","f":"read"}\n{"type":"ok","time":4,"process":"1","f":"read","served":"yes","value":3}\n',
    ],
    [
      "Jepsen's text log",
      "INFO  jepsen.core - nothing to see\nINFO  jepsen.util - 0\t:invoke\t:write\t3\nINFO  jepsen.util - 0   :ok     :write  3\nINFO  jepsen.util - :nemesis :info :start nil\nINFO  jepsen.util - 1 :invoke :read nil\nINFO  jepsen.util - 1 :ok :read 3\n",
    ],
  ])("%s", async (format, content) => {
    expect((await read(content)).format).toBe(format);
    expect(await table(content)).toEqual(readOf3);
  });
});

describe("values", () => {
  it("EDN says what JSON says: keywords, nil, sets in order, tags, characters, discards, metadata, escapes", async () => {
    const value = String.raw`[:a nil true #{3 1 2} #{:b :a} #inst "2020" #my/tag {:x/y 1 "s" -2.5e3 3 "q\"\u00e4\n"} \newline \z (1/3 10M 7N) #_gone ^:meta sym 90071992547409931]`;
    const { operations } = await read(`{:process 0 :type :invoke :f :x :value ${value}}\n{:process 0 :type :ok :f :x :value "zwei\nZeilen ü"}\n`);
    expect(operations[0]?.input).toEqual([
      ...[
        "a",
        null,
        true,
        [1, 2, 3],
        ["a", "b"],
        "2020",
        { "x/y": 1, s: -2500, "3": 'q"ä\n' },
        "\n",
        "z",
        ["1/3", 10, 7],
        "sym",
        "90071992547409931",
      ],
    ]);
    expect(operations[0]?.output).toBe("zwei\nZeilen ü");
  });

  it("JSON numbers that a double cannot hold stay apart, and __proto__ is a key", async () => {
    const { operations } = await read(
      '{"index":0,"process":0,"type":"invoke","f":"x","value":[9007199254740993,9007199254740992,-1.5e-3,{"__proto__":1,"\\u0041":"\\ud83d\\ude00"}]}\n',
    );
    expect(operations[0]?.input).toEqual(["9007199254740993", "9007199254740992", -0.0015, JSON.parse('{"__proto__":1,"A":"😀"}')]);
  });

  it("[key value] tuples become keys, where they say so beyond doubt", async () => {
    const independent = `{:process 0 :type :invoke :f :write :value [x 1]}{:process 0 :type :ok :f :write :value [x 1]}
{:process 1 :type :invoke :f :read :value [y nil]}{:process 1 :type :ok :f :read :value [y 2]}
{:process 1 :type :invoke :f :cas :value [y [2 3]]}{:process 1 :type :info :f :cas :value [y [2 3]] :error :timeout}\n`;
    expect(await table(independent)).toEqual([
      ["0", "write", "x", 1, 1, "ok"],
      ["1", "read", "y", null, 2, "ok"],
      ["1", "cas", "y", [2, 3], [2, 3], "info"],
    ]);
    const plain = "{:process 0 :type :invoke :f :cas :value [1 2]}{:process 0 :type :ok :f :cas :value [1 2]}\n";
    expect(await table(plain)).toEqual([["0", "cas", "", [1, 2], [1, 2], "ok"]]);
  });

  it("Porcupine's lines name their key", async () => {
    const lines = '{:process 0, :type :invoke, :f :put, :key "7", :value "x"}\n{:process 0, :type :ok, :f :put, :key "7", :value "x"}\n';
    expect(await table(lines)).toEqual([["0", "put", "7", "x", "x", "ok"]]);
  });
});

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

describe("malformed histories: file and line, no crash", () => {
  const event = (type: string, rest = "") => `{"type":"${type}","time":1,"process":"a","f":"read"${rest}}\n`;
  const edn = (type: string) => `{:process 0 :type ${type} :f :read :value 1}\n`;
  it.each([
    ["an unknown type", event("invoke") + event("done"), / line 2: The type "done" is none of invoke, ok, fail and info/],
    ["an unknown type, EDN", edn(":invoke") + edn(":what"), / line 2: The type "what"/],
    ["no type", '{"index":0,"process":0,"f":"read"}', / line 1: The type null/],
    ["a completion without invocation", event("ok"), / line 1: The process "a" completed "read" without an open invocation/],
    ["a double completion", event("invoke") + event("ok") + event("ok"), / line 3: .*without an open invocation/],
    ["a double completion, EDN", edn(":invoke") + edn(":ok") + edn(":ok"), / line 3: .*without an open invocation/],
    ["an invocation after completions without", edn(":ok") + edn(":invoke"), / line 1: .*without an open invocation/],
    ["a double invocation", event("invoke") + event("invoke"), / line 2: .*while its "read" was open/],
    ["a completion of something else", event("invoke") + event("ok").replace("read", "write"), / line 2: .*invoked "read" and completed "write"/],
    ["a NaN time", `${event("invoke")}{"type":"ok","time":NaN,"process":"a","f":"read"}\n`, / line 2: A JSON value was expected, and there is "NaN/],
    ["a null time", event("invoke") + event("ok").replace('"time":1', '"time":null'), / line 2: The time null is not a number/],
    ["a NaN time, EDN", `${edn(":invoke")}{:process 0 :type :ok :f :read :time ##NaN}\n`, / line 2: The time "NaN" is not a number/],
    ["a missing time", event("invoke") + event("ok").replace('"time":1,', ""), / line 2: The line has no time/],
    ["a clock that steps back", event("invoke") + event("ok").replace('"time":1', '"time":0'), / line 2: The clock stepped back by 1 ms/],
    ["a line that is cut off in the middle", `${event("invoke").slice(0, 20)}\n${event("ok")}`, / line 1: A string holds a raw control character/],
    ["an open bracket in the middle", `{:process 0 :value [\n${edn(":ok")}`, / line 1: What begins here never ends/],
    ["brackets that do not match", "{:process 0 :value [1)}", / line 1: The brackets do not match/],
    ["a key twice", event("invoke", ',"f":"write"'), / line 1: The key "f" stands twice/],
    ["a key twice, EDN", "{:process 0 :type :invoke :type :ok}", / line 1: The key "type" stands twice/],
    ["a key without a value", "{:process 0 :type}", / line 1: A map holds a key without a value/],
    ["deep nesting", event("invoke", `,"value":${"[".repeat(100_000)}`), / line 1: A value is nested deeper than 200/],
    ["deep nesting, EDN", `{:value ${"[".repeat(100_000)}`, / line 1: A value is nested deeper than 200/],
    ["binary junk", Buffer.from([0x1f, 0x8a, 8, 0, 0, 0xff, 0xfe]), / line 1: This is no history/],
    ["binary junk behind a line", Buffer.concat([Buffer.from(event("invoke")), Buffer.from([0, 1, 2, 255])]), / line 2: A JSON value was expected/],
    ["numbers", "{:process 0 :type :ok :value 1.2.3}", / line 1: "1\.2\.3" is no number/],
    ["vectors for maps", "[[1 2]]", / line 1: This is no history/],
    ["text behind the vector", `[${edn(":invoke")}] x`, / line 2: Nothing was expected behind/],
    ["a log's unknown type", "INFO jepsen.util - 0 :invoke :read nil\nINFO jepsen.util - 0 :maybe :read nil\n", / line 2: The type "maybe"/],
    ["a log's value", "INFO jepsen.util - 0 :invoke :read [1\n", / line 1: The value "\[1" is not EDN/],
    ["text", "hello\nworld\n", / line 1: This is no history: .*there is "hello/],
  ])("%s", async (_, content, message) => {
    const said = await refusal(content);
    expect(said).toMatch(message);
    expect(said).toMatch(/^UserError: \/\d+-history line \d+: /);
  });

  it("no such file, and a directory", async () => {
    await expect(readHistory(join(folder, "none"))).rejects.toThrow(/none was expected to be a history and cannot be read: ENOENT/);
    await expect(readHistory(folder)).rejects.toThrow(/was expected to be a history and cannot be read: EISDIR/);
  });

  it("a line of more than 16 MiB is refused, and not read to its end", async () => {
    const path = join(folder, "long");
    const line = Buffer.alloc(1024 * 1024, "x");
    await using file = await open(path, "w");
    await file.write(event("invoke"));
    await file.write('{"type":"ok","time":2,"process":"a","f":"read","value":"');
    for (let i = 0; i < 20; i++) await file.write(line);
    // The rest is a hole: 2 GB that take no room.
    await file.truncate(2 ** 31);
    const before = process.memoryUsage().rss;
    await expect(readHistory(path)).rejects.toThrow(/long line 2: An operation of more than 16 MiB begins here/);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });
});

describe("a file that ends in the middle of its last line is read without it, and says so", () => {
  it.each([
    ["JSON", '{"index":0,"process":0,"type":"invoke","f":"r"}\n{"index":1,"process":0,"type":"o'],
    ["JSON with a line end", '{"index":0,"process":0,"type":"invoke","f":"r"}\n{"index":1,"process":0,"type":"o\n'],
    ["EDN", "{:process 0 :type :invoke :f :r}\n{:process 0 :type :o"],
    ["an EDN vector", "[{:process 0 :type :invoke :f :r}\n {:process 0 :type :o"],
    ["a log", "INFO jepsen.util - 0 :invoke :r nil\nINFO jepsen.util - 0 :ok :r 1"],
  ])("%s", async (_, content) => {
    const { operations, notes } = await read(content);
    expect(operations.map(({ outcome }) => outcome)).toEqual(["info"]);
    expect(notes[0]).toBe("The file ends in the middle of line 2: what was cut off is left out.");
  });

  it("a log's last line needs no line end where it is whole beyond doubt", async () => {
    const before = "INFO jepsen.util - 0 :invoke :write 1\n";
    for (const last of ["0 :ok :write 1", "0 :ok :write", "0 :info :write :timed-out", "1 :invoke :read nil"])
      expect([last, (await read(`${before}INFO jepsen.util - ${last}`)).notes.filter((note) => note.includes("middle")).length]).toEqual([
        last,
        last === "0 :ok :write" ? 1 : 0,
      ]);
  });

  it("a vector without its end", async () => {
    const { notes } = await read("[{:process 0 :type :invoke :f :r}\n");
    expect(notes[0]).toMatch(/ends before its vector does/);
  });
});

it("a file that is packed with gzip is read like what is in it", async () => {
  const lines = Array.from(
    { length: 50_000 },
    (_, i) => `{"type":"${i % 2 === 0 ? "invoke" : "ok"}","process":"a","f":"read","value":${i},"time":${i}}\n`,
  ).join("");
  const packed = gzipSync(lines);
  expect(await read(packed)).toEqual(await read(lines));
  expect(await refusal(packed.subarray(0, 1000))).toMatch(/history was expected to be a history and cannot be read: unexpected end of file/);
});

it("an empty file and an empty vector are empty histories", async () => {
  for (const content of ["", "\n\n", "[]", "[ ]\n", "; nothing\n"]) expect((await read(content)).operations).toEqual([]);
});

/** A whole number that a double does not hold for certain is read as its digits. */
const asDigits = (_: string, value: unknown): unknown =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value)) ? String(value) : value;

it("what JSON.stringify writes is read back, wherever the pieces of the file end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), async (values, pieceBytes) => {
      const lines = values.map((value, i) => JSON.stringify({ index: i, process: i, type: "invoke", f: "x", value }));
      const bytes = Buffer.from(lines.join("\n"));
      const reader = createEventReader("json", createPairing);
      const cursor = { bytes, at: 0, end: 0, line: 1 };
      while (cursor.end < bytes.length) {
        cursor.end = Math.min(bytes.length, cursor.end + pieceBytes);
        reader.drain(cursor);
      }
      const inputs = reader.finish(cursor).operations.map(({ input }) => input);
      expect(inputs).toEqual(values.map((value) => JSON.parse(JSON.stringify(value), asDigits)));
    }),
    { numRuns: 50 },
  );
});
