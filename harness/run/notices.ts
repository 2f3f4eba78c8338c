/**
 * Whom instances tell of failovers: a receiver of the harness's own, outside of every fault. It is busy when it is first asked to take a notice (503), so that only a server that
 * asks again is heard; from then on it takes everything, repeats too, but for what comes under the Idempotency-Key of another failover (422): whoever keeps to such keys has heard of it already.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { Notice } from "../core/records.ts";
import type { Target } from "../core/target.ts";

interface NoticeReceiver extends AsyncDisposable {
  readonly url: string;
}

/** Listens on loopback, and writes down each request that tells of a failover once it is answered. */
export async function openNotices(clock: Clock, { notice }: NonNullable<Target["passive"]>, journal: Journal<Notice>): Promise<NoticeReceiver> {
  const asked = new Set<string>();
  const underKey = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const time = clock.now();
    const body = await text(request).catch(() => "");
    const told = readable(() => notice(body));
    if (!told) return void response.writeHead(400).end();
    const key = String(request.headers["idempotency-key"] ?? told.failover);
    const before = underKey.get(key) ?? told.failover;
    const status = before !== told.failover ? 422 : asked.has(told.failover) ? 204 : 503;
    asked.add(told.failover);
    underKey.set(key, before);
    const answered = (await answer(response, status)) ? status : 0;
    journal.write({ time, ...told, answered });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/failovers`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Whether the answer left before the sender had gone. */
function answer(response: ServerResponse, status: number): Promise<boolean> {
  return new Promise((resolve) => {
    response.once("finish", () => resolve(true)).once("close", () => resolve(false));
    response.writeHead(status).end();
  });
}
