/** `reports/trend/`: a line for each run in `trend.jsonl`, and the page of all of them. */
import { mkdir, realpath, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { readAll } from "../../base/journal.ts";
import { readSuite } from "../read-suite.ts";
import { type DetectionRate, type TrendLine, trendLine } from "./line.ts";
import { renderTrend } from "./page.ts";

/** Of a capacity run's figures the one that a release is decided on. */
const sustainable = ", sustainable rate per second";

/** What `runproof defects` leaves in `detection.jsonl` of the reports. */
export interface DetectionLine extends DetectionRate {
  readonly startedAt: string;
  readonly commit: string;
}

/** What `runproof capacity` leaves in `baselines.jsonl` of the reports. */
interface CapacityLine {
  readonly commit: string;
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * Puts the run into the trend of its reports' directory, in place of an earlier line of the same run, and draws the page.
 * @param environment in a GitHub workflow the link leads to the workflow's run, whose artefact holds the report
 * @returns the path of the page
 * @throws Error with one sentence when the run has no verdict
 */
export async function addToTrend(directory: string, environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const root = await realpath(directory).catch(() => directory);
  const suite = await readSuite(root);
  const reports = dirname(root);
  const folder = join(reports, "trend");
  const run = basename(root);
  const detection = (await readAll<DetectionLine>(join(reports, "detection.jsonl"))).findLast(({ commit }) => commit === suite.commit);
  const carried = (await readAll<CapacityLine>(join(reports, "baselines.jsonl"))).findLast(({ commit }) => commit === suite.commit);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = environment;
  const line = trendLine(suite, {
    run,
    link: server && repository && id ? `${server}/${repository}/actions/runs/${id}` : join(relative(folder, root), "report.html"),
    codes: await codesOf(reports, suite),
    detection: detection ? { caught: detection.caught, planted: detection.planted, survived: detection.survived } : null,
    capacity: Object.fromEntries(Object.entries(carried?.figures ?? {}).filter(([figure]) => figure.endsWith(sustainable))),
  });
  const lines = [...(await readAll<TrendLine>(join(folder, "trend.jsonl"))).filter((one) => one.version === 1 && one.run !== run), line];
  await mkdir(folder, { recursive: true });
  await replace(join(folder, "trend.jsonl"), lines.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const page = join(folder, "index.html");
  await replace(page, renderTrend(lines, new Map(suite.claims.map(({ id: claim, statement }) => [claim, statement]))));
  return page;
}

/** What the series noted of this run: the digest of the code that each trial depends on. Two runs with the same are two tries of the same thing. */
async function codesOf(reports: string, suite: { readonly startedAt: string; readonly seed: number }): Promise<ReadonlyMap<string, string>> {
  const series = await readAll<{
    readonly startedAt: string;
    readonly seed: number;
    readonly experiments: Readonly<Record<string, { readonly code: string }>>;
  }>(join(reports, "series.jsonl"));
  const own = series.findLast(({ startedAt, seed }) => startedAt === suite.startedAt && seed === suite.seed);
  return new Map(Object.entries(own?.experiments ?? {}).map(([trial, { code }]) => [trial, code]));
}

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
