/** A run directory -> report.html, junit.xml, summary.md and metrics.txt in it, and a journal.json in each experiment's folder. What `runproof report DIR` does. */
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { SuiteVerdict } from "../core/verdict.ts";
import { journalOf } from "./chaos-journal.ts";
import { citesOf } from "./evidence/cites.ts";
import { renderHtml } from "./html/render.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Recorded } from "./model.ts";
import { renderOpenMetrics } from "./openmetrics.ts";
import { capacitySuite, readCapacity } from "./read-capacity.ts";
import { readExperiment } from "./read-experiment.ts";
import { readSuite } from "./read-suite.ts";
import { type Hide, secretsOf } from "./secrets.ts";
import { bucketsFor, summarise } from "./summarise.ts";

/**
 * Reads the directory and writes the files, each whole or not at all.
 * @returns the path of report.html
 * @throws Error with one sentence when verdict.json is missing or unreadable; missing or damaged records are told on the page instead
 */
export async function writeReport(directory: string): Promise<{ readonly html: string }> {
  const root = resolve(directory);
  const hide = secretsOf(process.env);
  const suite = hide.all(existsSync(join(root, "verdict.json")) ? await readSuite(root) : ((await capacitySuite(root)) ?? (await readSuite(root))));
  const recorded = await recordsOf(root, suite, hide);
  const model = summarise(suite, recorded, [], hide.all(await readCapacity(root)));
  const html = join(root, "report.html");
  await replace(join(root, "junit.xml"), renderJunit(suite));
  await replace(join(root, "summary.md"), renderMarkdown(suite));
  await replace(join(root, "metrics.txt"), renderOpenMetrics(suite));
  await writeJournals(root, suite, recorded);
  await replace(html, renderHtml(model));
  return { html };
}

async function recordsOf(root: string, suite: SuiteVerdict, hide: Hide): Promise<Map<string, Recorded>> {
  const recorded = new Map<string, Recorded>();
  const buckets = bucketsFor(suite.experiments.length);
  for (const verdict of suite.experiments) {
    const { experiment, durationMs } = verdict;
    // An id comes from a file: it must not lead out of the run's directory.
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/.test(experiment) || recorded.has(experiment)) continue;
    recorded.set(experiment, hide.all(await readExperiment(join(root, experiment), durationMs, buckets, { cites: citesOf(verdict), hide })));
  }
  return recorded;
}

/** Where there is a folder of records; a verdict without one gets no journal. */
async function writeJournals(root: string, suite: SuiteVerdict, recorded: ReadonlyMap<string, Recorded>): Promise<void> {
  const about = { platform: suite.environment.system ?? "", statements: new Map(suite.claims.map(({ id, statement }) => [id, statement])) };
  for (const experiment of suite.experiments) {
    const records = recorded.get(experiment.experiment);
    const folder = join(root, experiment.experiment);
    if (records === undefined || !existsSync(folder)) continue;
    await replace(join(folder, "journal.json"), `${JSON.stringify(journalOf(experiment, records.bands, about), null, 1)}\n`);
  }
}

async function replace(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
