import { open } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { pathOf, read, refusal } from "./fixtures.ts";
import { readHistory } from "./history-file.ts";

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
    await expect(readHistory(pathOf("none"))).rejects.toThrow(/none was expected to be a history and cannot be read: ENOENT/);
    await expect(readHistory(pathOf(""))).rejects.toThrow(/was expected to be a history and cannot be read: EISDIR/);
  });

  it("a line of more than 16 MiB is refused, and not read to its end", async () => {
    const path = pathOf("long");
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
