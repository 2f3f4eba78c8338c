/**
 * Linearizability beside Porcupine (Go): the same histories, one after another in the same run, each in a process of its own. CPU time, because the wall
 * clock of a busy machine says nothing: of the first judgement, in which a compiler at run time still learns the program, and the best of all that fit
 * into a second. Porcupine runs on one core.
 *
 * Memory is by how much the resident set of the whole process grows at its peak over what it was with the history loaded, in the first judgement, of both
 * alike. So it counts what the compiler at run time takes for itself, which has nothing to do with the history: the rows of a hundred operations show how much.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Model } from "../harness/core/model.ts";
import { cacheDirectory } from "../harness/provision/cache.ts";
import { goToolchain } from "../harness/provision/go-build.ts";
import { operationsOf, rowsOf, type Shape } from "./porcupine/histories.ts";

const run = promisify(execFile);
const limitSeconds = 10;
/** As in main.go. */
const roundsMs = 1000;
const memoryLimitBytes = 1024 * 1024 * 1024;

interface Measured {
  readonly result: string;
  readonly firstMs: number;
  readonly cpuMs: number;
  readonly mebibytes: number;
}

const modelOf = { register: "register", "few values": "register", "key-value": "register", lock: "owner-mutex" } as const;

/** What judging takes apart from the history. */
const floor = (["register", "few values", "lock"] as const).map((object): Shape => ({ object, operations: 100, clients: 5, planted: false }));
const shapes: readonly Shape[] = floor.concat(
  (["register", "few values", "key-value", "lock"] as const).flatMap((object) =>
    [1000, 10_000, 100_000].flatMap((operations) =>
      [5, 10, 100].flatMap((clients) => [false, true].map((planted): Shape => ({ object, operations, clients, planted }))),
    ),
  ),
);

export default { what: "registers, maps and locks beside Porcupine, on one core", run: compare };

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const porcupine = join(folder, "porcupine");
    const sources = join(import.meta.dirname, "porcupine");
    const doing = (what: string): void => void process.stderr.write(`${what}\n`);
    const go = await goToolchain("1.25", { into: folder, cache: cacheDirectory(), signal: new AbortController().signal, doing });
    const env = { ...process.env, GOWORK: "off", GOTOOLCHAIN: "local", ...go.env };
    await run(go.path, ["build", "-mod=readonly", "-o", porcupine, "."], { cwd: sources, env });
    const titles = [
      "object",
      "operations",
      "clients",
      "planted",
      "runproof",
      "first ms",
      "best ms",
      "MiB",
      "Porcupine",
      "first ms",
      "best ms",
      "MiB",
      "time",
      "memory",
    ];
    print(titles);
    for (const shape of shapes) {
      const file = join(folder, "history");
      await writeFile(file, Int32Array.from(rowsOf(shape).flat()));
      const env = { ...process.env, GOMAXPROCS: "1" };
      const theirs = await measured(porcupine, [file, `${limitSeconds}`], env);
      const ours = await measured(process.execPath, [import.meta.filename, file, modelOf[shape.object]], process.env);
      const ratio = (a: number, b: number): string => `${(a / Math.max(b, 0.01)).toFixed(2)} x`;
      const cells = ({ result, firstMs, cpuMs, mebibytes }: Measured): string[] => [
        result,
        ...[firstMs, cpuMs, mebibytes].map((one) => one.toFixed(1)),
      ];
      const { object, operations, clients, planted } = shape;
      const ratios = [ratio(ours.cpuMs, theirs.cpuMs), ratio(ours.mebibytes, theirs.mebibytes)];
      print([object, `${operations}`, `${clients}`, planted ? "yes" : "no", ...cells(ours), ...cells(theirs), ...ratios]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measured(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  return JSON.parse((await run(command, [...args], { env })).stdout) as Measured;
}

function print(cells: readonly string[]): void {
  const widths = [10, 10, 7, 7, 34, 8, 8, 7, 13, 8, 8, 7, 9, 9];
  process.stdout.write(`${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" ")}\n`);
}

/** The child: judges the history in a file of numbers with a model, as often as main.go does, and prints what it took. */
async function judgeOnce(file: string, name: string): Promise<void> {
  const { default: model } = (await import(join(import.meta.dirname, `../harness/checkers/models/${name}.ts`))) as { default: Model };
  const bytes = await readFile(file);
  const operations = operationsOf(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
  const options = { partition: true, initial: name === "register" ? 0 : null, timeLimitMs: limitSeconds * 1000, memoryLimitBytes };
  const beforeKiB = process.resourceUsage().maxRSS;
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const beganMs = usedMs();
  const { valid, algorithm } = model.check(operations, { ...options, now: () => performance.now() });
  const firstMs = usedMs() - beganMs;
  const mebibytes = (process.resourceUsage().maxRSS - beforeKiB) / 1024;
  let cpuMs = firstMs;
  while (usedMs() - beganMs < roundsMs) {
    const fromMs = usedMs();
    model.check(operations, { ...options, now: () => performance.now() });
    cpuMs = Math.min(cpuMs, usedMs() - fromMs);
  }
  process.stdout.write(JSON.stringify({ result: `${valid} (${algorithm})`, firstMs, cpuMs, mebibytes }));
}

const [file, name] = process.argv.slice(2);
if (import.meta.main && file !== undefined && name !== undefined) await judgeOnce(file, name);
