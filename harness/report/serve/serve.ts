/** A run's directory as pages on loopback: the report once there is a verdict, and until then a page that follows the run. */
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sleep } from "../../base/clock.ts";
import { writeReport } from "../write-report.ts";
import { fileFor } from "./files.ts";
import { followRun } from "./follow.ts";
import { livePage } from "./live-page.ts";

const lookEveryMs = 1000;
/** Of a reader that does not read: more than a few states behind it is let go, and comes back by itself. */
const unreadBytesAtMost = 4 * 1024 * 1024;

const guards = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Serves until it is disposed of: `/` (the report, or the page that follows), `/events` (the state of the run, each second, as server-sent events), and the run's
 * files by their names. Only to this machine, only for names of it, and only to be read.
 * @throws Error when there is no such directory
 */
export async function serveRun(directory: string): Promise<AsyncDisposable & { readonly url: string }> {
  const root = await realpath(directory);
  const stopped = new AbortController();
  const look = followRun(root, () => Date.now());
  const watchers = new Set<ServerResponse>();
  let looking: Promise<void> | undefined;
  const lookWhileWatched = async (): Promise<void> => {
    while (watchers.size > 0) {
      const data = `data: ${JSON.stringify(await look())}\n\n`;
      for (const watcher of watchers) {
        if (watcher.writableLength > unreadBytesAtMost) watcher.destroy();
        else watcher.write(data);
      }
      await sleep(lookEveryMs, stopped.signal).catch(() => {});
    }
  };

  let host = "";
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, why: string): void =>
      void response.writeHead(status, { ...guards, "content-type": "text/plain" }).end(`${why}\n`);
    // A page elsewhere can have its own name lead to 127.0.0.1, and must not read what is served here.
    if (request.headers.host !== host && request.headers.host !== host.replace("127.0.0.1", "localhost")) return refuse(421, `This is ${host}.`);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "There is only something to read here.");
    const pathname = (request.url ?? "/").split("?")[0] ?? "/";
    if (pathname === "/events") {
      response.writeHead(200, { ...guards, "content-type": "text/event-stream" });
      response.flushHeaders();
      watchers.add(response);
      response.once("close", () => watchers.delete(response));
      looking ??= lookWhileWatched().finally(() => {
        looking = undefined;
      });
      return;
    }
    if (pathname === "/" && !(await hasReport(root))) {
      response.writeHead(200, { ...guards, "content-type": "text/html; charset=utf-8" }).end(livePage());
      return;
    }
    const file = await fileFor(root, pathname === "/" ? "/report.html" : pathname);
    if (file === undefined) return refuse(404, "There is no such file in this run's directory.");
    response.writeHead(200, { ...guards, "content-type": file.type });
    // Of a file that grows, what was there: no more than was looked at.
    if (request.method === "HEAD" || file.bytes === 0) response.end();
    else await pipeline(createReadStream(file.path, { end: file.bytes - 1 }), response);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/`,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await looking;
    },
  };
}

/** Whether there is a report of the verdict as it is; it is drawn where only the verdict is there. */
async function hasReport(root: string): Promise<boolean> {
  const changedAt = (name: string): Promise<number> =>
    stat(join(root, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  const verdictAt = await changedAt("verdict.json");
  if (verdictAt === 0) return false;
  if ((await changedAt("report.html")) < verdictAt) await writeReport(root);
  return true;
}
