/** What the instances logged around a counterexample: few lines each, those that name what it is about first. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LogExcerpt } from "../model.ts";
import { type Bytes, readLines, textOf } from "../read-lines.ts";
import type { Hide } from "../secrets.ts";
import { clip, oneLine, plain, shorten } from "../text.ts";
import type { Cite } from "./cites.ts";

const aroundMs = 1500;
const linesAtMost = 6;
const instancesAtMost = 8;
const keptAtMost = 400;
const lineAtMost = 260;

interface Line {
  readonly time: number;
  readonly text: string;
  readonly weight: number;
}

/** One list of excerpts for each cite. Logs carry the wall clock: the experiment's own begin, to about a hundredth of a second, is their zero. */
export async function logExcerpts(directory: string, cites: readonly Cite[], hide: Hide): Promise<readonly (readonly LogExcerpt[])[]> {
  const zero = await beginOf(directory);
  const folder = join(directory, "logs");
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".log")).sort();
  const found: LogExcerpt[][] = cites.map(() => []);
  if (zero === null) return found;
  for (const file of files) {
    const kept: Line[][] = cites.map(() => []);
    const more = cites.map(() => 0);
    await readLines(join(folder, file), file, (line) => {
      const time = timeOf(line);
      if (time === null) return true;
      for (const [i, cite] of cites.entries()) {
        const names = cite.subjects.some((subject) => line.includes(subject));
        const apart = Math.abs(time - zero - cite.time);
        if (!names && apart > aroundMs) continue;
        const lines = kept[i] as Line[];
        more[i] = (more[i] ?? 0) + 1;
        if (lines.length < keptAtMost)
          lines.push({ time: time - zero, text: said(line, hide), weight: (names ? 0 : 1e7) + (serious(line) ? 0 : 1e5) + apart });
      }
      return true;
    });
    for (const [i, lines] of kept.entries()) {
      const chosen = lines
        .toSorted((a, b) => a.weight - b.weight)
        .slice(0, linesAtMost)
        .sort((a, b) => a.time - b.time);
      if (chosen.length > 0 && (found[i] as LogExcerpt[]).length < instancesAtMost)
        found[i]?.push({
          instance: clip(file.slice(0, -4), 60),
          lines: chosen.map(({ time, text }) => ({ time, text })),
          more: (more[i] ?? 0) - chosen.length,
        });
    }
  }
  return found;
}

async function beginOf(directory: string): Promise<number | null> {
  try {
    const { startedAt } = JSON.parse(await readFile(join(directory, "experiment.json"), "utf8")) as { readonly startedAt?: unknown };
    const zero = Date.parse(String(startedAt));
    return Number.isNaN(zero) ? null : zero;
  } catch {
    return null;
  }
}

const isoTime = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?/;

/** The wall clock of a line (ms), where it says one near its begin; without a zone it is UTC. */
function timeOf(line: Bytes): number | null {
  const found = isoTime.exec(line.slice(0, 120));
  const time = found ? Date.parse(`${found[0].replace(" ", "T")}Z`) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

const usualFields = new Set(["level", "time", "instance", "role", "msg", "pid", "hostname", "trace_id", "span_id"]);

/** A line of pino as `warn: message key=value`; any other as it is. */
function said(line: Bytes, hide: Hide): string {
  const short = hide.text(textOf(line.slice(0, 1e5))).slice(0, 4000);
  try {
    const { level, msg, ...row } = JSON.parse(short) as Record<string, unknown>;
    if (typeof msg !== "string") return shorten(short, lineAtMost);
    const rest = Object.entries(row).filter(([name]) => !usualFields.has(name));
    return shorten(
      `${level}: ${msg} ${rest.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`).join(" ")}`,
      lineAtMost,
    );
  } catch {
    return shorten(oneLine(plain(short)), lineAtMost);
  }
}

function serious(line: Bytes): boolean {
  return /"level":"(?:warn|error|fatal)"|\b(?:ERROR|FATAL|PANIC|WARNING)\b/.test(line);
}
