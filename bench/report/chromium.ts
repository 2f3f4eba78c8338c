/** How soon a page that is opened from disk answers, in a real Chromium. */
import { pathToFileURL } from "node:url";
import { findBrowser } from "../../harness/provision/test-browser.ts";

/** Best of so many openings: the rest is the machine's. */
const openings = 3;

interface PageTimes {
  /** From the start of the navigation until the page has run its script and answers an input (ms). */
  readonly interactiveMs: number;
  /** Of that, the time that the page's main thread was at work (ms): what a busy machine changes least. */
  readonly busyMs: number;
  /** Until the first timeline is drawn once one scrolls there (ms from that moment). */
  readonly drawnMs: number;
}

/** @returns null without Chromium */
export async function timeToInteractive(file: string): Promise<PageTimes | null> {
  const start = await findBrowser();
  if (start === null) return null;
  const browser = await start();
  try {
    const all: PageTimes[] = [];
    for (let i = 0; i < openings; i++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const inspector = await page.context().newCDPSession(page);
      await inspector.send("Performance.enable");
      await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
      // After the load, a task that is queued now runs once the script's are done.
      const interactiveMs = await page.evaluate<number>("new Promise((done) => setTimeout(() => done(performance.now())))");
      const { metrics } = await inspector.send("Performance.getMetrics");
      const busyMs = 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
      const before = performance.now();
      await page.locator(".timeline").first().scrollIntoViewIfNeeded();
      await page.locator(".timeline canvas").first().waitFor();
      all.push({ interactiveMs, busyMs, drawnMs: performance.now() - before });
      await page.close();
    }
    return all.reduce((best, one) => (one.interactiveMs < best.interactiveMs ? one : best));
  } finally {
    await browser.close();
  }
}
