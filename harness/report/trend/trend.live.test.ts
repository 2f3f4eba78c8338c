/** The trend's page in a real Chromium, opened from disk: charts of what was measured, quiet, and never wider than the window. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { seeded } from "../../core/random.ts";
import type { Verdict } from "../../core/verdict.ts";
import { findBrowser } from "../../provision/test-browser.ts";
import type { TrendLine } from "./line.ts";
import { renderTrend } from "./page.ts";

const start = await findBrowser();

/** Two months of nights: LG-8 breaks with a commit, HS-6 is flaky. */
function nights(): TrendLine[] {
  const random = seeded(7, "nights");
  return Array.from({ length: 60 }, (_, i): TrendLine => {
    const commit = (0xa1b2c3 + Math.floor(i / 3)).toString(16).padEnd(12, "0");
    const claims: Record<string, Verdict> = {
      "HA-2": "holds",
      "HS-6": i % 17 === 5 ? "violated" : "holds",
      "LG-5": Math.floor(i / 3) === 6 ? "inconclusive" : "holds",
      "LG-8": i > 50 ? "violated" : "holds",
    };
    return {
      version: 1,
      ...{
        run: `run-${i}`,
        link: `../run-${i}/report.html`,
        startedAt: new Date(Date.UTC(2026, 0, 1 + i, 2)).toISOString(),
        commit,
        seed: random.integer(0, 1e9),
      },
      ...{ defect: "", exit: 0, durationMs: 2_000_000 + random.integer(0, 100_000), claims, experiments: { kill: { code: commit, claims } } },
      mttrMs: i % 9 === 0 ? null : 900 + random.integer(0, 400),
      throughputs: [1, 4].map((instances) => ({ experiment: "scale-queue-instances", instances, perSecond: instances * 49 + random.integer(0, 5) })),
      detection: i % 7 === 0 ? { caught: i > 30 ? 41 : 39, planted: 41, survived: [] } : null,
    };
  });
}

describe.skipIf(start === null)("the trend in a browser", () => {
  test.each([390, 1280])("at %i px", async (width) => {
    const directory = await mkdtemp(join(tmpdir(), "runproof-trend-"));
    try {
      const path = join(directory, "index.html");
      await writeFile(path, renderTrend(nights(), new Map([["LG-8", "A crashed handler's runs come back."]])));
      await using browser = await start?.();
      const page = await browser?.newPage({ viewport: { width, height: 844 } });
      if (page === undefined) throw new Error("The browser has no page.");
      const heard: string[] = [];
      page.on("console", (message) => heard.push(message.text()));
      page.on("pageerror", (error) => heard.push(error.message));
      const address = pathToFileURL(path).href;
      page.on("request", (request) => request.url() === address || request.url().startsWith("data:") || heard.push(request.url()));
      await page.goto(address);
      expect(await page.locator("h1").textContent()).toBe("1 claim is violated, 1 is flaky");
      expect(await page.locator(".look").textContent()).toMatch(/LG-8 ✗ violated A crashed.*git log a1b2d3000000\.\.a1b2d4000000/);
      expect(await page.locator("#charts canvas").count()).toBe(5);
      expect(await page.locator(".runs-matrix tbody tr").count()).toBe(4);
      expect(await page.locator(".runs-matrix thead a").count()).toBe(40);
      expect(await page.locator(".runs tbody tr").count()).toBe(60);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const shots = process.env.RUNPROOF_SCREENSHOTS ?? join(directory, "shots");
      await mkdir(shots, { recursive: true });
      await page.screenshot({ path: join(shots, `trend-${width}.png`), fullPage: width > 400 });
      expect(heard).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
