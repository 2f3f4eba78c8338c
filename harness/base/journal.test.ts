import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "./errors.ts";
import { openJournal, readAll } from "./journal.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "journal-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("journal", () => {
  it("reads back what was written, in order", async () => {
    const path = join(folder, "whole.jsonl");
    {
      await using journal = openJournal<{ n: number }>(path);
      for (let n = 0; n < 1000; n++) journal.write({ n });
    }
    const back = await readAll<{ n: number }>(path);
    expect(back.map((record) => record.n)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });

  it("names file and line of a malformed line", async () => {
    const path = join(folder, "broken.jsonl");
    await writeFile(path, '{"n":1}\n{"n":\n{"n":3}\n');
    await expect(readAll(path)).rejects.toThrow(UserError);
    await expect(readAll(path)).rejects.toThrow(/broken\.jsonl line 2 is not JSON/);
  });

  it("leaves a truncated last line out and says so", async () => {
    const path = join(folder, "cut.jsonl");
    await writeFile(path, '{"n":1}\n');
    await appendFile(path, '{"n":2,"te');
    const problems: string[] = [];
    expect(await readAll(path, (problem) => problems.push(problem))).toEqual([{ n: 1 }]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/last line \(2\) was cut off/);
  });

  it("takes a missing file for an empty one", async () => {
    expect(await readAll(join(folder, "none.jsonl"))).toEqual([]);
  });

  it("says in one sentence that nothing could be written", async () => {
    const journal = openJournal<{ n: number }>(join(folder, "no-such-folder", "x.jsonl"));
    journal.write({ n: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(() => journal.assertWritable()).toThrow(/failed/);
    await expect(journal[Symbol.asyncDispose]()).rejects.toThrow(/Writing .* failed .* --reports DIR/);
  });
});
