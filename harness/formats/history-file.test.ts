import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHistory } from "./history-file.ts";

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

const _refusal = (content: string | Buffer) =>
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
