/** `--memory-limit` as the system sees it: how much larger the process becomes on histories whose search takes whatever it gets. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json } from "../core/history.ts";

const main = resolve(import.meta.dirname, "../main.ts");
const limitMiB = 128;
const long = (i: number): string => `${i}`.padStart(200, "x");
const client = (i: number): Json => ({ client: long(i) });

/** In turn acquired and released by clients of their own. */
const held = (i: number): readonly [string, Json] => [i % 2 === 0 ? "acquire" : "release", client(i >> 1)];
const notHeld = ["release", null] as const;

/** Of each model: calls that may all come in any order, and an answer that none of the orders gives. Not of mutex: calls of two kinds leave no choice. */
const hopeless: Readonly<
  Record<string, { call(i: number): readonly [f: string, input: Json]; readonly answer: readonly [f: string, output: Json] }>
> = {
  "linearizable-set": { call: (i) => ["add", long(i)], answer: ["read", ["no"]] },
  queue: { call: (i) => ["enqueue", long(i)], answer: ["dequeue", "no"] },
  "fifo-queue": { call: (i) => ["enqueue", long(i >> 1)], answer: ["dequeue", "no"] },
  "key-value": { call: (i) => ["append", long(i >> 1)], answer: ["get", "no"] },
  "append-log": { call: (i) => ["append", long(i)], answer: ["read", [long(0)]] },
  register: { call: (i) => ["write", long(i)], answer: ["read", "no"] },
  "cas-register": { call: (i) => ["write", long(i)], answer: ["cas", ["no", "never"]] },
  "owner-mutex": { call: held, answer: notHeld },
  "fenced-mutex": { call: held, answer: notHeld },
  "reentrant-mutex": { call: held, answer: notHeld },
  semaphore: { call: (i) => ["acquire", client(i)], answer: notHeld },
  counter: { call: (i) => ["add", 2 ** (i + 1)], answer: ["read", 1001] },
};

let folder = "";
let withoutSearchMiB = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "check-memory-"));
  withoutSearchMiB = (await judged("counter", 1)).peakMiB;
});
afterAll(() => rm(folder, { recursive: true }));

/** `check` in a process of its own, and the most memory that the process had. */
async function judged(model: string, limit: number): Promise<{ note: string; peakMiB: number }> {
  const { call, answer } = hopeless[model] as (typeof hopeless)[string];
  const calls = Array.from({ length: 50 }, (_, i) => ({ process: `p${i}`, call: call(i) }));
  const [f, output] = answer;
  const lines = [
    ...calls.map(({ process, call: [name, value] }) => ({ type: "invoke", time: 0, process, f: name, value })),
    ...calls.map(({ process, call: [name, value] }) => ({ type: "ok", time: 1, process, f: name, value })),
    { type: "invoke", time: 2, process: "last", f, ...(f === "cas" && { value: output }) },
    { type: "ok", time: 3, process: "last", f, value: output },
  ];
  const file = join(folder, model);
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const tell = "data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS))";
  // All keys together, so that only the search is asked.
  const args = ["--import", tell, main, "check", file, "--model", model, "--no-partition", "--memory-limit", `${limit}`, "--time-limit", "600"];
  const initial = model === "semaphore" ? ["--initial", "60"] : [];
  return new Promise((done) => {
    execFile(process.execPath, [...args, ...initial, "--json"], (_, out, err) =>
      done({ note: JSON.parse(out).notes[0], peakMiB: Number(err) / 1024 }),
    );
  });
}

it.each(Object.keys(hopeless))("%s: the process grows by no more than the limit and a fifth of it", { timeout: 600_000 }, async (model) => {
  const { note, peakMiB } = await judged(model, limitMiB);
  expect(note).toContain(`the memory limit of ${limitMiB * 1024 * 1024} bytes`);
  expect(peakMiB - withoutSearchMiB).toBeLessThan(1.2 * limitMiB);
  expect(peakMiB - withoutSearchMiB).toBeGreaterThan(0.5 * limitMiB);
});
