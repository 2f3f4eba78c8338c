/** `--memory-limit` as the system sees it: how much larger the process becomes on histories whose search takes whatever it gets. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json } from "../core/history.ts";

const main = resolve(import.meta.dirname, "../main.ts");
const limitMiB = 64;
const padded = (i: number): string => `${i}`.padStart(200, "x");
const client = (i: number): Json => ({ client: padded(i) });

/** In turn acquired and released by clients of their own. */
const held = (i: number): readonly [string, Json] => [i % 2 === 0 ? "acquire" : "release", client(i >> 1)];
const notHeld = ["release", null] as const;

/** Of each model: calls that may all come in any order, and an answer that none of the orders gives. Not of mutex: calls of two kinds leave no choice. */
const hopeless: Readonly<
  Record<string, { call(i: number): readonly [f: string, input: Json]; readonly answer: readonly [f: string, output: Json] }>
> = {
  "linearizable-set": { call: (i) => ["add", padded(i)], answer: ["read", ["no"]] },
  queue: { call: (i) => ["enqueue", padded(i)], answer: ["dequeue", "no"] },
  "fifo-queue": { call: (i) => ["enqueue", padded(i >> 1)], answer: ["dequeue", "no"] },
  "key-value": { call: (i) => ["append", padded(i >> 1)], answer: ["get", "no"] },
  "append-log": { call: (i) => ["append", padded(i)], answer: ["read", [padded(0)]] },
  register: { call: (i) => ["write", padded(i)], answer: ["read", "no"] },
  "cas-register": { call: (i) => ["write", padded(i)], answer: ["cas", ["no", "never"]] },
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

/** Calls one after another, with what each is given and answers: `undefined` where it is the same. */
type Call = readonly [f: string, input: Json, output?: Json];
const count = 30_000;
/** What a process fills with garbage before it first collects it is up to 48 MiB, whatever it does and however long the history: here next to nothing, so that it hides nothing. */
const collectsEarly = ["--max-semi-space-size=1"];
/** By so much one process differs from the next that does the same. */
const noiseMiB = 8;
const last = count - 1;
const name = (i: number): string => `element-${i}`;
const others = (i: number, many: number): string[] => Array.from({ length: many }, (_, k) => name(Math.max(0, i - 1 - k)));
/** Of each model that goes through a history once: valid or not, what it takes grows with the history. */
const long: Readonly<Record<string, (i: number) => Call>> = {
  set: (i) => (i < last ? ["add", name(i), null] : ["read", null, others(i, last)]),
  "set-full": (i) => (i % 10 < 9 ? ["add", name(i), null] : ["read", null, others(i, 9)]),
  "total-queue": (i) => (i % 2 === 0 ? ["enqueue", name(i), null] : ["dequeue", null, name(i - 1)]),
  "unique-ids": (i) => ["generate", null, name(i)],
  "counter-bounds": (i) => (i % 2 === 0 ? ["add", 1, null] : ["read", null, (i + 1) / 2]),
  log: (i) => (i % 2 === 0 ? ["send", [["send", "x", [i, name(i)]]]] : ["poll", [["poll", { x: [[i - 1, name(i - 1)]] }]]]),
  "long-fork": (i) => (i % 2 === 0 ? ["write", [["w", i, 1]]] : ["read", ["k", "l"].map((key) => ["r", `${key}${i >> 3}`, 1])]),
  "causal-reverse": (i) => (i % 50 < 49 ? ["write", i, null] : ["read", null, [i - 1, i - 2, i - 3]]),
};

/** `check` in a process of its own, and the most memory that the process had. */
async function checked(
  lines: readonly object[],
  model: string,
  flags: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<{ note: string; peakMiB: number }> {
  const file = join(folder, model);
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const tell = "data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS))";
  const args = [...nodeFlags, "--import", tell, main, "check", file, "--model", model, ...flags];
  return new Promise((done) => {
    execFile(process.execPath, [...args, "--json"], { maxBuffer: 2 ** 28 }, (_, out, err) =>
      done({ note: JSON.parse(out).notes[0] ?? "", peakMiB: Number(err) / 1024 }),
    );
  });
}

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
  const initial = model === "semaphore" ? ["--initial", "60"] : [];
  // All keys together, so that only the search is asked.
  return checked(lines, model, ["--no-partition", "--memory-limit", `${limit}`, "--time-limit", "600", ...initial], collectsEarly);
}

/** Garbage that a process happened to keep comes on top of what it needs: the least of several peaks tells what that is. */
const leastOf = (all: readonly { readonly peakMiB: number }[]): number => Math.min(...all.map(({ peakMiB }) => peakMiB));

it.each(Object.keys(hopeless))("%s: the process grows by no more than the limit and a fifth of it", { timeout: 600_000 }, async (model) => {
  const all = [await judged(model, limitMiB), await judged(model, limitMiB)];
  for (const { note } of all) expect(note).toContain(`the memory limit of ${limitMiB * 1024 * 1024} bytes`);
  const peakMiB = leastOf(all);
  expect(peakMiB - withoutSearchMiB).toBeLessThan(1.2 * limitMiB + noiseMiB);
  expect(peakMiB - withoutSearchMiB).toBeGreaterThan(0.5 * limitMiB);
});

it.each(Object.keys(long))(
  "%s: what would take more is not begun, and what takes less grows by no more than a fifth above that",
  { timeout: 600_000 },
  async (model) => {
    const lines = Array.from({ length: count }, (_, i) => {
      const [f, input, output = input] = (long[model] as (typeof long)[string])(i);
      const common = { process: `p${i % 50}`, f };
      return [
        { type: "invoke", time: 2 * i, ...common, value: input },
        { type: "ok", time: 2 * i + 1, ...common, value: output },
      ];
    }).flat();
    const within = (limit: number) => checked(lines, model, ["--memory-limit", `${limit}`], collectsEarly);
    const refused = await within(1);
    const neededMiB = Number(/takes about (\d+) bytes, more than the memory limit of 1048576 bytes/.exec(refused.note)?.[1]) / 1024 / 1024;
    expect(neededMiB).toBeGreaterThan(4);
    expect((await within(neededMiB * 0.99)).note).toContain("more than the memory limit");
    const begun = [await within(neededMiB * 1.01), await within(neededMiB * 1.01), await within(neededMiB * 1.01)];
    for (const { note } of begun) expect(note).not.toContain("memory limit");
    expect(leastOf(begun) - refused.peakMiB).toBeLessThan(1.2 * neededMiB + noiseMiB);
  },
);
