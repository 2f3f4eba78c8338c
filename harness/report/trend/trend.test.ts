import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Verdict } from "../../core/verdict.ts";
import { exampleSuite, writeExampleRun } from "../example-run.ts";
import { hostile, hostileSuite } from "../hostile.ts";
import { claimTrends, comparable } from "./analyse.ts";
import { type TrendLine, trendLine } from "./line.ts";
import { renderTrend } from "./page.ts";
import { addToTrend } from "./record.ts";

/** A night with one claim, one experiment in so many trials, and the code it ran with. */
function night(day: number, commit: string, verdicts: readonly Verdict[], code = commit): TrendLine {
  const worst = verdicts.includes("violated") ? "violated" : verdicts.includes("inconclusive") ? "inconclusive" : "holds";
  return {
    version: 1,
    ...{
      run: `run-${day}`,
      link: `../run-${day}/report.html`,
      startedAt: `2026-01-${String(day).padStart(2, "0")}T02:00:00.000Z`,
      commit,
      seed: day,
    },
    ...{ defect: "", exit: 0, durationMs: 60_000, mttrMs: 1000 + day, throughputs: [], detection: null, claims: { "LG-5": worst } },
    experiments: Object.fromEntries(verdicts.map((verdict, i) => [i === 0 ? "kill" : `kill.${i + 1}`, { code, claims: { "LG-5": verdict } }])),
  };
}

const only = (lines: readonly TrendLine[]) => claimTrends(comparable(lines))[0];

describe("flaky is a verdict that changes while the code does not", () => {
  test.each([
    [
      "another night with the same code",
      [night(1, "aaaaaaa", ["holds"], "x"), night(2, "bbbbbbb", ["violated"], "x")],
      /^kill: holds once, violated once with the same code \(aaaaaaa, bbbbbbb\)\.$/,
    ],
    ["another trial of the same night", [night(1, "aaaaaaa", ["holds", "inconclusive", "holds"])], /^kill: holds 2 times, inconclusive once/],
    [
      "nobody noted the code, and the commit is the same",
      [night(1, "aaaaaaa", ["holds"], ""), night(2, "aaaaaaa", ["violated"], "")],
      /holds once, violated once/,
    ],
  ])("%s", (_, lines, says) => {
    expect(only(lines)?.flaky).toEqual([expect.stringMatching(says)]);
  });

  test.each([
    ["the code changed", [night(1, "aaaaaaa", ["holds"]), night(2, "bbbbbbb", ["violated"])]],
    ["nothing changed", [night(1, "aaaaaaa", ["holds"]), night(2, "aaaaaaa", ["holds"])]],
    ["nobody knows the code", [night(1, "aaaaaaa+", ["holds"], ""), night(2, "aaaaaaa+", ["violated"], "")]],
    ["a defect was planted", [night(1, "aaaaaaa", ["holds"], "x"), { ...night(2, "aaaaaaa", ["violated"], "x"), defect: "lock-in-process" }]],
  ])("not when %s", (_, lines) => {
    expect(only(lines)?.flaky).toEqual([]);
  });
});

describe("the first bad commit", () => {
  test("lies between the last night that held and the first after it that did not, whatever the order of the lines", () => {
    const nights = [
      night(4, "ddddddd", ["violated"]),
      night(1, "aaaaaaa", ["holds"]),
      night(3, "ccccccc", ["violated"]),
      night(2, "bbbbbbb", ["inconclusive"]),
    ];
    expect(only(nights)).toMatchObject({
      now: "violated",
      verdicts: ["holds", "inconclusive", "violated", "violated"],
      firstBad: "held at aaaaaaa (2026-01-01), violated since ccccccc (2026-01-03): git log aaaaaaa..ccccccc.",
    });
  });

  test("is not named where there is none: it holds again, it never held, or the commit is the same", () => {
    expect(only([night(1, "aaaaaaa", ["violated"]), night(2, "bbbbbbb", ["holds"])])?.firstBad).toBe("");
    expect(only([night(1, "aaaaaaa", ["violated"])])?.firstBad).toBe("");
    expect(only([night(1, "aaaaaaa", ["holds"]), night(2, "aaaaaaa", ["violated"])])?.firstBad).toMatch(
      /the commit is the same, so chance decided it\.$/,
    );
    expect(only([night(1, "aaaaaaa", ["holds"]), night(2, "bbbbbbb+", ["violated"])])?.firstBad).toMatch(
      /git log aaaaaaa\.\.bbbbbbb, beside changes that were not committed\.$/,
    );
  });
});

describe("the trend of a directory of reports", () => {
  let reports = "";
  beforeEach(async () => {
    reports = await mkdtemp(join(tmpdir(), "runproof-trend-"));
  });
  afterEach(() => rm(reports, { recursive: true, force: true }));

  test("has a line a run, with the code that the series noted and the defects that were seen with that commit", async () => {
    const suite = { ...exampleSuite(), defect: "" };
    await writeExampleRun(join(reports, "first"), suite);
    await appendFile(
      join(reports, "series.jsonl"),
      `${JSON.stringify({ startedAt: suite.startedAt, seed: 7, experiments: { "pause-a-lock-holder": { code: "c0de" } } })}\n`,
    );
    await appendFile(
      join(reports, "detection.jsonl"),
      `${JSON.stringify({ startedAt: suite.startedAt, commit: suite.commit, caught: 40, planted: 41, survived: ["x"] })}\n`,
    );
    await appendFile(
      join(reports, "baselines.jsonl"),
      [suite.commit, "another"]
        .map((commit) => ({ commit, figures: { "3 instances, sustainable rate per second": 17.5, "3 instances with 30 clients, p50 (ms)": 4 } }))
        .map((one) => `${JSON.stringify(one)}\n`)
        .join(""),
    );
    await addToTrend(join(reports, "first"), {});
    await addToTrend(join(reports, "first"), {});
    const lines = (await readFile(join(reports, "trend", "trend.jsonl"), "utf8")).trim().split("\n");
    expect(lines).toHaveLength(1);
    const line: TrendLine = JSON.parse(lines[0] ?? "");
    expect(line).toMatchObject({ run: "first", link: "../first/report.html", mttrMs: null, detection: { caught: 40, planted: 41 } });
    expect(line.claims).toEqual({ "LG-4": "holds", "LG-5": "holds", "LG-8": "holds", "HS-6": "violated", "HA-2": "inconclusive", "HA-13": "holds" });
    expect(line.experiments["pause-a-lock-holder"]).toEqual({ code: "c0de", claims: { "HS-6": "violated", "HA-13": "holds" } });
    expect(line.capacity).toEqual({ "3 instances, sustainable rate per second": 17.5 });
    expect(line.throughputs).toHaveLength(3);
    expect(lines[0]?.length).toBeLessThan(3000);

    await writeExampleRun(join(reports, "second"), { ...suite, startedAt: "2025-11-22T08:00:00.000Z" });
    const page = await readFile(
      await addToTrend(join(reports, "second"), { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "a/b", GITHUB_RUN_ID: "5" }),
      "utf8",
    );
    expect(page).toContain("1 claim is violated");
    expect(page).toContain('href="../first/report.html"');
    expect(page).toContain('href="https://github.example/a/b/actions/runs/5"');
    expect(page).toContain("3 instances, sustainable rate per second");
    expect(page).toContain("The per-agent lock serialises critical operations");
  });

  test("a run without a verdict is one sentence", async () => {
    await expect(addToTrend(join(reports, "none"), {})).rejects.toThrow(/^Expected the verdict of a run in .*none/);
  });
});

test("hostile lines stay text, and lead nowhere", () => {
  const suite = { ...hostileSuite(hostile), defect: "" };
  const line = trendLine(suite, { run: hostile, link: "javascript:pwned", codes: new Map(), detection: null, capacity: { [hostile]: 1 } });
  const page = renderTrend(
    [line, { ...line, startedAt: `z${hostile}`, link: `../x/report.html"onload="x` }],
    new Map([[Object.keys(line.claims)[0] ?? "", hostile]]),
  );
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toMatch(/<img|onerror="|href="javascript|"onload/);
});

test("a thousand nights make a page that opens", () => {
  const lines = Array.from({ length: 1000 }, (_, i) => ({ ...night(1, "aaaaaaa", ["holds"]), startedAt: new Date(i * 86_400_000).toISOString() }));
  expect(renderTrend(lines, new Map()).length).toBeLessThan(2_000_000);
});
