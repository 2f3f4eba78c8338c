/** The report of a run with a million operations: how long it takes to draw, how much memory, how large the page is, how soon it answers in Chromium. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { finished } from "node:stream/promises";
import { seeded } from "../harness/core/random.ts";
import { timeToInteractive } from "./report/chromium.ts";
import { largeExperiment, largeSuite, recordsOf } from "./report/records.ts";

const operations = 1_000_000;

export default {
  what: `the page of a run with ${operations.toLocaleString("en")} operations (wanted: within 10 s and 1 GiB, at most 5 MB, interactive within 1 s)`,
  async run(): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), "runproof-bench-report-"));
    try {
      await write(directory);
      await measure(directory);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

/** The run's files as a suite leaves them. */
async function write(directory: string): Promise<void> {
  const folder = join(directory, largeExperiment);
  await mkdir(folder, { recursive: true });
  const names = ["history", "ledger", "transitions", "faults", "samples"] as const;
  const files = Object.fromEntries(names.map((name) => [name, createWriteStream(join(folder, `${name}.jsonl`))]));
  for (const batch of recordsOf(operations, seeded(1, largeExperiment))) {
    for (const [name, lines] of Object.entries(batch)) {
      const file = files[name];
      if (file && lines.length > 0 && !file.write(lines)) await once(file, "drain");
    }
  }
  await Promise.all(Object.values(files).map((file) => finished(file.end())));
  await writeFile(join(directory, "verdict.json"), JSON.stringify(largeSuite(operations)));
  const sizes = await Promise.all(names.map(async (name) => `${name} ${megabytes((await stat(join(folder, `${name}.jsonl`))).size)}`));
  process.stdout.write(`  written: ${sizes.join(", ")}\n`);
}

/** In a process of its own, as `runproof report` is one. */
async function measure(directory: string): Promise<void> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "report/draw.ts"), directory], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data) => {
    said += data;
  });
  const status = await new Promise((ended) => child.on("close", ended));
  if (status !== 0) throw new Error(`Drawing the page ended with exit status ${status}; 0 was expected.`);
  const { seconds, cpuSeconds, peakMb, html } = JSON.parse(said) as {
    readonly seconds: number;
    readonly cpuSeconds: number;
    readonly peakMb: number;
    readonly html: string;
  };
  const { size } = await stat(html);
  process.stdout.write(
    `  drawn in ${seconds.toFixed(1)} s (${share(seconds, 10)} of 10 s; ${cpuSeconds.toFixed(1)} s of CPU), at most ${peakMb.toFixed(0)} MiB (${share(peakMb, 1024)} of 1 GiB)\n`,
  );
  process.stdout.write(`  page: ${megabytes(size)} (${share(size, 5_000_000)} of 5 MB)\n`);
  const page = await timeToInteractive(html);
  process.stdout.write(
    page === null
      ? "  Chromium is missing: how soon the page answers was not measured\n"
      : `  interactive after ${page.interactiveMs.toFixed(0)} ms (${share(page.interactiveMs, 1000)} of 1 s; ${page.busyMs.toFixed(0)} ms of the page's own work), first timeline drawn after ${page.drawnMs.toFixed(0)} ms\n`,
  );
}

function share(value: number, limit: number): string {
  return `${Math.round((100 * value) / limit)} %`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
