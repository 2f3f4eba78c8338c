import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventReader } from "./event-reader.ts";
import { read, refusal, table } from "./fixtures.ts";
import { createPairing } from "./pairing.ts";

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

  it('a key 1 and a key "1" are two, and so are those of tuples', async () => {
    const keys = ['"1"', "1", '"\\"1\\""', "null", '"x"', '"null"', "[1]", '"[1]"', "1"];
    const lines = keys.map((key, i) => `{"type":"invoke","time":${i},"process":"${i}","f":"read","key":${key}}\n`).join("");
    const named = (await read(lines)).operations.map(({ key }) => key);
    expect(named).toEqual(['"1"', "1", '"\\"1\\""', "", "x", "null", "[1]", '"[1]"', "1"]);
    const { operations, notes } = await read(
      '{:process 0 :type :invoke :f :read :value [1 nil]}{:process 1 :type :invoke :f :read :value ["1" nil]}\n',
    );
    expect(operations.map(({ key }) => key)).toEqual(["1", '"1"']);
    expect(notes).toContain("Every value is a [key value] tuple: 2 independent keys.");
  });

  it("a key that only the completion names is the operation's, and two different ones are refused", async () => {
    const line = (type: string, time: number, key: string) => `{"type":"${type}","time":${time},"process":"a","f":"write","value":1${key}}\n`;
    const [first] = (await read(line("invoke", 1, "") + line("ok", 2, ',"key":"x"'))).operations;
    expect(first?.key).toBe("x");
    expect(await refusal(line("invoke", 1, ',"key":"y"') + line("ok", 2, ',"key":"x"'))).toMatch(
      / line 2: The operation was invoked on the key "y" and completed on "x"\.$/,
    );
  });

  it("Porcupine's lines name their key", async () => {
    const lines = '{:process 0, :type :invoke, :f :put, :key "7", :value "x"}\n{:process 0, :type :ok, :f :put, :key "7", :value "x"}\n';
    expect(await table(lines)).toEqual([["0", "put", "7", "x", "x", "ok"]]);
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
