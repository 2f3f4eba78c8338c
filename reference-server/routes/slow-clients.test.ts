import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, insertRuns, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};
const total = 3000;
const size = 10_000;
/** Longer than a client may take nothing (30 s; a document's twice that), on a machine that is busy. */
const droppedWithinMs = 90_000;

describe.skipIf(noServices)("clients that take nothing (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const start = async (over: object, responses: ServerResponse[] = []): Promise<Instance & AsyncDisposable> => {
    const onRequest = (...[, response]: unknown[]): void => void responses.push(response as ServerResponse);
    const instance = await startInstance(testConfig(services, "api", over), quiet, fail, onRequest);
    await instance.serving;
    return Object.assign(instance, { [Symbol.asyncDispose]: () => instance.stop() });
  };

  it.concurrent("a stream's is buffered for in bounded memory, dropped, and keeps nobody out afterwards", async () => {
    const [id = ""] = await insertRuns(services.db, 1);
    await services.db.query("update runs set last_seq = $1 where id = $2", [total, id]);
    await services.db.query(
      `insert into run_events (run_id, seq, attempt, kind, data)
       select $1, n, 1, 'tokens', jsonb_build_object('text', repeat('x', $3)) from generate_series(1, $2) n`,
      [id, total, size],
    );
    const responses: ServerResponse[] = [];
    await using api = await start({ requestLimit: 1 }, responses);
    const client = connect(api.port, "127.0.0.1");
    client.on("error", () => {});
    client.write(`GET /api/v1/runs/${id}/stream HTTP/1.1\r\nHost: x\r\n\r\n`);
    const unsent = () => responses[0]?.writableLength ?? 0;
    await eventually(
      async () => unsent(),
      (bytes) => bytes > 0,
    );
    const other = async () => (await fetch(`http://127.0.0.1:${api.port}/api/v1/runs/${id}`)).status;
    expect(await other()).toBe(503);
    let most = 0;
    await eventually(
      async () => {
        most = Math.max(most, unsent());
        return other();
      },
      (status) => status === 200,
      droppedWithinMs,
    );
    expect(most).toBeLessThan(20 * size);
    client.destroy();
  }, 120_000);

  it.concurrent("a document's is dropped, and keeps nobody out afterwards", async () => {
    const agent = randomUUID();
    await services.db.query("insert into agents (id, fence, version) values ($1, 0, 1500)", [agent]);
    await services.db.query(
      `insert into agent_events (agent_id, seq, token, kind, data)
       select $1, n, n, 'message', jsonb_build_object('role', 'user', 'text', repeat('x', 5000)) from generate_series(1, 1500) n`,
      [agent],
    );
    await using api = await start({ requestLimit: 1 });
    const client = connect(api.port, "127.0.0.1");
    client.on("error", () => {});
    client.write(`GET /api/v1/agents/${agent}/document HTTP/1.1\r\nHost: x\r\n\r\n`);
    const other = async () => (await fetch(`http://127.0.0.1:${api.port}/api/v1/agents/${agent}`)).status;
    await eventually(other, (status) => status === 503);
    await eventually(other, (status) => status === 200, droppedWithinMs);
    client.destroy();
  }, 120_000);

  it.concurrent("a socket's is dropped, though nobody pings it", async () => {
    const agent = randomUUID();
    await services.db.query("insert into agents (id, fence, version) values ($1, 0, $2)", [agent, total]);
    await services.db.query(
      `insert into agent_events (agent_id, seq, token, kind, data)
       select $1, n, n, 'message', jsonb_build_object('text', repeat('x', $3)) from generate_series(1, $2) n`,
      [agent, total, size],
    );
    await using api = await start({ websocketPingMs: 600_000 });
    const client = new WebSocket(`ws://127.0.0.1:${api.port}/api/v1/agents/${agent}/ws?after=0`);
    client.on("error", () => {});
    await once(client, "open");
    client.pause();
    const clients = async (): Promise<string | undefined> =>
      /^websocket_clients (\d+)$/m.exec(await (await fetch(`http://127.0.0.1:${api.port}/metrics`)).text())?.[1];
    expect(await clients()).toBe("1");
    await eventually(clients, (count) => count === "0", droppedWithinMs);
    client.terminate();
  }, 120_000);
});
