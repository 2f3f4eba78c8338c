/** Draws the page of the run directory that is named, and says what it took. Its own process, so that the peak of memory is the report's alone. */
import { writeReport } from "../../harness/report/write-report.ts";

const began = performance.now();
const { html } = await writeReport(process.argv[2] ?? "");
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024, html }));
