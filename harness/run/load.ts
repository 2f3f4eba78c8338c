/** k6 as a child: it writes the clients' history; the harness follows the file to see the load live, and ends k6 when the experiment is over. */

import { execFile } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Clock } from "../base/clock.ts";
import { UserError } from "../base/errors.ts";
import type { Load } from "../core/experiment.ts";
import type { HistoryLine } from "../core/history.ts";
import { type Child, endOfLog, startChild } from "../drivers/process/child.ts";

const run = promisify(execFile);

/** k6's own figures at its end; the history must agree with them. */
export interface LoadSummary {
  readonly operationsCompleted: number;
  readonly scriptExceptions: number;
  readonly droppedIterations: number;
  readonly vusMax: number;
}

export interface RunningLoad extends AsyncDisposable {
  /** New history lines since the last call. Cheap enough to call several times a second. */
  follow(): Promise<readonly HistoryLine[]>;
  /** Throws when k6 ended before it was asked to. */
  assertRunning(): void;
  /** Ends the load; what is in flight stays unanswered and counts as unknown. */
  stop(): Promise<LoadSummary>;
}

export interface LoadOptions {
  readonly k6: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly project: string;
  readonly load: Load;
  readonly url: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly marker: string;
  /** The run's private directory. */
  readonly directory: string;
  readonly historyFile: string;
  readonly logFile: string;
}

/**
 * k6 loops for ever on syntax its engine lacks, so every scenario is inspected first, with a limit.
 * @throws UserError naming the scenario and what k6 said of it
 */
export async function inspectScenario(k6: LoadOptions["k6"], project: string, scenario: string): Promise<void> {
  await run(k6.path, ["inspect", "-e", "PER_SECOND=1", "-e", "SEED=1", join(project, "scenarios", `${scenario}.ts`)], {
    env: { PATH: process.env.PATH ?? "", ...k6.env },
    timeout: 10_000,
    killSignal: "SIGKILL",
  }).catch((error) => {
    const said = String(error.stderr ?? "")
      .trim()
      .split("\n")
      .slice(-3)
      .join(" ");
    throw new UserError(`k6 was expected to read scenarios/${scenario}.ts within 10 s and did not: ${said || error.message}`, 70);
  });
}

export async function startLoad(options: LoadOptions): Promise<RunningLoad> {
  await using starting = new AsyncDisposableStack();
  const clockUrl = starting.use(await serveClock(options.clock));
  const summaryFile = join(options.directory, "k6-summary.json");
  const environment: Record<string, string> = {
    BASE_URL: options.url,
    CLOCK_URL: clockUrl.url,
    SUMMARY: summaryFile,
    SEED: String(options.seed),
    PER_SECOND: String(options.load.perSecond),
    ...Object.fromEntries(Object.entries(options.load.settings ?? {}).map(([name, value]) => [name, String(value)])),
  };
  const child: Child = starting.use(
    await startChild({
      name: "k6",
      command: options.k6.path,
      args: [
        ...["run", "--quiet", "--no-usage-report", "--address", "", "--log-format", "raw", "--console-output", options.historyFile],
        ...Object.entries(environment).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
        join(options.project, "scenarios", `${options.load.scenario}.ts`),
      ],
      env: { ...options.k6.env, HOME: options.directory, GOMAXPROCS: "1" },
      cwd: options.directory,
      logFile: options.logFile,
      marker: options.marker,
    }),
  );
  const owned = starting.move();
  let offset = 0;
  let rest = "";
  return {
    async follow() {
      const file = await open(options.historyFile, "r").catch(() => undefined);
      if (!file) return [];
      try {
        const { size } = await file.stat();
        if (size <= offset) return [];
        const buffer = Buffer.alloc(size - offset);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
        offset += bytesRead;
        const lines = (rest + buffer.toString("utf8", 0, bytesRead)).split("\n");
        rest = lines.pop() ?? "";
        return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as HistoryLine);
      } finally {
        await file.close();
      }
    },
    assertRunning() {
      if (child.outcome())
        throw new Error(`k6 was expected to keep the load up and ended with ${child.outcome()}. The end of its log:\n${endOfLog(options.logFile)}`);
    },
    async stop() {
      // k6 exits with 105 on SIGINT; what counts is that it wrote its summary.
      const how = await child.stop("SIGINT", 40_000);
      const summary = await readFile(summaryFile, "utf8").catch(() => {
        throw new Error(`k6 was expected to write its summary and ended with ${how} without one. The end of its log:\n${endOfLog(options.logFile)}`);
      });
      return JSON.parse(summary) as LoadSummary;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Tells the time of the harness clock, so that k6 can pair its own with it by bracketing. */
async function serveClock(clock: Clock): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => response.end(String(clock.now())));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The harness was expected to serve its clock on loopback and has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
