/** A run's records without what its page does not show: small enough to be committed, and the page that is drawn from them is the committed one. */
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ExperimentVerdict } from "../../core/verdict.ts";
import { citesOf } from "../evidence/cites.ts";
import { readSuite } from "../read-suite.ts";

type Row = Record<string, unknown>;
/** null: the record is not needed. */
type Keep = (row: Row) => Row | null;

/** Writes `to` anew: verdict.json as it is, every record file of every experiment trimmed and compressed. */
export async function trimRun(from: string, to: string): Promise<void> {
  const suite = await readSuite(from);
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await writeFile(join(to, "verdict.json"), `${JSON.stringify(suite, null, 1)}\n`);
  for (const verdict of suite.experiments) await trimExperiment(join(from, verdict.experiment), join(to, verdict.experiment), verdict);
}

/** Makes of a trimmed run a run directory again. */
export async function unpackRun(from: string, to: string): Promise<void> {
  const files = await readdir(from, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile())) {
    const folder = join(to, file.parentPath.slice(from.length));
    await mkdir(folder, { recursive: true });
    const bytes = await readFile(join(file.parentPath, file.name));
    if (file.name.endsWith(".gz")) await writeFile(join(folder, file.name.slice(0, -3)), gunzipSync(bytes));
    else if (file.name === "verdict.json") await writeFile(join(folder, file.name), bytes);
  }
}

async function trimExperiment(from: string, to: string, verdict: ExperimentVerdict): Promise<void> {
  const cites = citesOf(verdict);
  const subjects = cites.flatMap((cite) => cite.subjects);
  const numbers = (kind: "ledger" | "transitions" | "writes"): ReadonlySet<unknown> => new Set(cites.flatMap((cite) => cite[kind]));
  const named = (row: Row): boolean => subjects.some((subject) => JSON.stringify(row).includes(subject));
  const cited =
    (kind: "ledger" | "transitions" | "writes"): Keep =>
    (row) =>
      numbers(kind).has(row.seq) || named(row) ? row : null;
  const aliases = new Map<unknown, string>();
  const alias = (subject: unknown): string => {
    if (!aliases.has(subject)) aliases.set(subject, `r${aliases.size}`);
    return aliases.get(subject) as string;
  };
  const files: Readonly<Record<string, Keep>> = {
    "faults.jsonl": (row) => row,
    "samples.jsonl": ({ values, ...row }) => ({
      ...row,
      values: Object.fromEntries(Object.entries(values as Row).filter(([name]) => drawn.has(name))),
    }),
    "history.jsonl": ({ key, value, ...row }) =>
      row.type === "clock" || named({ key, value }) ? { ...row, ...(key === undefined ? {} : { key }), value } : row,
    "ledger.jsonl": cited("ledger"),
    "writes.jsonl": cited("writes"),
    // All of them: whoever took over what a victim had is found by their order.
    "transitions.jsonl": (row) => (named(row) ? row : { ...row, subject: alias(row.subject) }),
  };
  await mkdir(join(to, "logs"), { recursive: true });
  for (const [name, keep] of Object.entries(files)) await compress(join(to, name), await trimmed(join(from, name), keep));
  await compress(join(to, "experiment.json"), await readFile(join(from, "experiment.json"), "utf8"));
  for (const log of await readdir(join(from, "logs")).catch(() => []))
    await compress(join(to, "logs", log), await readFile(join(from, "logs", log), "utf8"));
}

/** Gauges that the page draws. */
const drawn = new Set(["ready", "oldestMs", "lagMs", "poolCheckedOut", "poolWaiting"]);

async function trimmed(path: string, keep: Keep): Promise<string> {
  let text = "";
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const row = JSON.parse(line) as Row;
    const kept = row.type === "beat" ? null : keep(row);
    if (kept !== null) text += `${JSON.stringify(kept, rounded)}\n`;
  }
  return text;
}

/** A hundredth of a millisecond is finer than anything that is drawn. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Math.round(value * 100) / 100 : value;
}

async function compress(path: string, text: string): Promise<void> {
  await writeFile(`${path}.gz`, gzipSync(text, { level: 9 }));
}
