import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { type AgentFeed, openFeed } from "../agents/feed.ts";
import { eventually, noServices, type Services, startServices } from "../testing/services.ts";
import { follow } from "./follow.ts";

describe.skipIf(noServices)("following an agent (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  it("HS-8: a client that takes nothing holds up its own events, in the database and not in memory, and gets them all later", async () => {
    const total = 3000;
    const size = 10_000;
    await services.db.query("insert into agents (id, fence, version) values ('slow', 0, $1)", [total]);
    await services.db.query(
      `insert into agent_events (agent_id, seq, token, kind, data)
       select 'slow', n, n, 'message', jsonb_build_object('text', repeat('x', $2)) from generate_series(1, $1) n`,
      [total, size],
    );
    using feed = openFeed(services.db);
    let readUpTo = 0;
    const counted: AgentFeed = {
      ...feed,
      async read(id, after) {
        const batch = await feed.read(id, after);
        readUpTo = batch?.events.at(-1)?.seq ?? readUpTo;
        return batch;
      },
    };
    await using parts = new AsyncDisposableStack();
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    parts.defer(() => server.close());
    await once(server, "listening");
    const over = new AbortController();
    parts.defer(() => over.abort());
    const served = new Promise<WebSocket>((resolve) => server.once("connection", resolve));
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    parts.defer(() => client.terminate());
    const seqs: number[] = [];
    client.on("message", (data) => {
      const { type, seq } = JSON.parse(data.toString());
      if (type === "event") seqs.push(seq);
    });
    await once(client, "open");
    client.pause();
    const socket = await served;
    follow(socket, { feed: counted, agentId: "slow", after: 0, over: over.signal }).catch(() => {});
    let before = -1;
    await eventually(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        const stands = readUpTo > 0 && readUpTo === before;
        before = readUpTo;
        return stands;
      },
      Boolean,
      30_000,
    );
    expect(readUpTo).toBeLessThan(total);
    expect(socket.bufferedAmount).toBeLessThan(4 * size);
    client.resume();
    await eventually(
      async () => seqs.length,
      (length) => length >= total,
      30_000,
    );
    expect(seqs).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  }, 90_000);
});
