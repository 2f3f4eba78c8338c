/** `runproof doctor`: every part, its version and where it comes from, or what to do about it. It looks; it installs nothing. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/errors.ts";
import { cacheDirectory } from "./cache.ts";
import { run } from "./exec.ts";
import { locate } from "./locate.ts";
import type { PartName } from "./part.ts";
import { clustered, required, specs } from "./provision.ts";

interface Row {
  readonly part: string;
  readonly version: string;
  /** Where it came from, or what to do. */
  readonly note: string;
  readonly state: "ok" | "missing" | "optional";
}

const root = join(import.meta.dirname, "..", "..");

async function npmRow(): Promise<Row> {
  const locked = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string; optional?: boolean }>;
  };
  const wrong: string[] = [];
  let count = 0;
  for (const [path, entry] of Object.entries(locked.packages)) {
    if (!path.startsWith("node_modules/") || entry.version === undefined) continue;
    const file = join(root, path, "package.json");
    if (!existsSync(file)) {
      // Packages for other platforms are locked too, and absent on purpose.
      if (entry.optional !== true) wrong.push(path.slice("node_modules/".length));
      continue;
    }
    const { version } = JSON.parse(await readFile(file, "utf8")) as { version?: string };
    if (version === entry.version) count += 1;
    else wrong.push(path.slice("node_modules/".length));
  }
  if (wrong.length === 0) return { part: "npm packages", version: String(count), note: "as locked in package-lock.json", state: "ok" };
  return {
    part: "npm packages",
    version: "-",
    note: `${wrong.length} do not match package-lock.json (${wrong.slice(0, 3).join(", ")}); the next run installs them`,
    state: "missing",
  };
}

/** `neededBy`: who provides it, where not every run needs it. */
async function partRow(name: PartName, neededBy?: string): Promise<Row> {
  const spec = specs[name];
  try {
    const { found: best, second, passed } = await locate(spec);
    const found = best ?? second;
    if (found !== undefined) return { part: name, version: found.version, note: `${found.path} (${found.source})`, state: "ok" };
    const unfit = passed.length > 0 ? `unfit: ${passed.join("; ")}. ` : "";
    const ways = spec.ways.map((way) => way.what).join(", else ");
    const when = neededBy ?? "the next run";
    return { part: name, version: "-", note: `${unfit}${when} provides it (${ways}). Or: ${spec.advice}`, state: neededBy ? "optional" : "missing" };
  } catch (error) {
    return { part: name, version: "-", note: messageOf(error), state: neededBy ? "optional" : "missing" };
  }
}

async function gitRow(): Promise<Row> {
  const ran = await run("git", ["--version"], { deadlineMs: 10_000 });
  const version = /\d+(\.\d+)+/.exec(ran.stdout)?.[0];
  if (version !== undefined) return { part: "git", version, note: "found on PATH", state: "ok" };
  return { part: "git", version: "-", note: "reports will not name the commit; install git", state: "optional" };
}

/** Only `--driver compose` needs one. */
async function engineRow(): Promise<Row> {
  const { openRunningEngine } = await import("../drivers/compose/engine.ts");
  const found = await openRunningEngine().catch((error: unknown) => messageOf(error));
  if (typeof found === "object") {
    const { Version: version, ApiVersion: api } = await found.docker.version();
    return { part: "docker engine", version, note: `API ${api}${found.own ? ", our own" : ""}`, state: "ok" };
  }
  const own = process.platform === "linux" && process.getuid?.() === 0;
  const instead = own ? "--driver compose brings one along (Debian packages, unpacked)" : "only --driver compose needs one: install and start Docker";
  return { part: "docker engine", version: "-", note: found ?? `none is running; ${instead}`, state: "optional" };
}

/** Looks at everything. `ok` is false when a part that every run needs is missing: the command then ends with exit status 69. */
export async function doctor(): Promise<{ readonly text: string; readonly ok: boolean }> {
  const rows = await Promise.all<Row>([
    Promise.resolve({ part: "node", version: process.versions.node, note: process.execPath, state: "ok" }),
    npmRow(),
    ...required.map((name) => partRow(name)),
    ...clustered.map((name) => partRow(name, "a run with a Postgres that fails over")),
    partRow("chromium", "npm test"),
    partRow("prometheus", "npm test and a run that evaluates alerts"),
    engineRow(),
    gitRow(),
  ]);
  const width = (column: "part" | "version"): number => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map((row) => `${row.state.padEnd(8)}  ${row.part.padEnd(width("part"))}  ${row.version.padEnd(width("version"))}  ${row.note}`);
  const missing = rows.filter((row) => row.state === "missing");
  const verdict = missing.length === 0 ? "Everything that a run needs is there." : `Missing: ${missing.map((row) => row.part).join(", ")}.`;
  return { text: [...lines, "", `Cache: ${cacheDirectory()}`, verdict].join("\n"), ok: missing.length === 0 };
}
