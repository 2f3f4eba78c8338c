import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket, { type ClientOptions } from "ws";
import { sleep } from "../clock.ts";
import { type Instance, startInstance } from "../instance.ts";
import { noNginx, startNginx } from "../testing/nginx.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};

interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly status?: number;
  readonly ref?: unknown;
  readonly data?: { readonly text?: string };
}

interface Client extends Disposable {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  /** The code the connection ended with. */
  readonly closed: Promise<number>;
  /** Numbers of the events received. */
  seqs(): (number | undefined)[];
}

describe.skipIf(noServices)("agents over WebSockets (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let first: Instance;
  let second: Instance;
  const ready = async (instance: Instance): Promise<Instance> => {
    await eventually(
      () => fetch(`http://127.0.0.1:${instance.port}/api/v1/monitoring/ready`).then(({ status }) => status),
      (status) => status === 200,
      15_000,
    );
    return instance;
  };
  const start = async (over = {}): Promise<Instance> =>
    ready(await startInstance(testConfig(services, "api", { lockLeaseMs: 10_000, lockWaitMs: 10_000, poolTimeoutMs: 10_000, ...over }), quiet, fail));
  beforeAll(async () => {
    services = await startServices();
    [first, second] = await Promise.all([start({ instanceId: "ws-first" }), start()]);
  }, 30_000);
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    await services?.[Symbol.asyncDispose]();
  });

  const say = async (at: Instance, id: string, message: string): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${at.port}/api/v1/agents/${id}/turns`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message, think_ms: 0 }),
    });
    expect(response.status).toBe(200);
  };
  const newAgent = async (messages = 0): Promise<string> => {
    const id = randomUUID();
    await fetch(`http://127.0.0.1:${first.port}/api/v1/agents/${id}`, { method: "PUT" });
    for (let i = 1; i <= messages; i++) await say(i % 2 ? first : second, id, `${i}`);
    return id;
  };
  const connect = async (at: { readonly port: number }, path: string, options: ClientOptions = {}): Promise<Client> => {
    const socket = new WebSocket(`ws://127.0.0.1:${at.port}/api/v1/agents/${path}`, options);
    const frames: Frame[] = [];
    socket.on("message", (data) => frames.push(JSON.parse(data.toString())));
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    await eventually(
      async () => frames[0]?.type,
      (type) => type === "ready",
      15_000,
    );
    const seqs = (): (number | undefined)[] => frames.filter(({ type }) => type === "event").map(({ seq }) => seq);
    return { socket, frames, closed, seqs, [Symbol.dispose]: () => socket.terminate() };
  };
  const received = (client: Client, count: number): Promise<unknown> =>
    eventually(
      async () => client.seqs().length,
      (length) => length >= count,
      15_000,
    );
  const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => from + i);
  const clientsOf = async (at: Instance): Promise<string> => {
    const metrics = await fetch(`http://127.0.0.1:${at.port}/metrics`).then((response) => response.text());
    return /^websocket_clients (\d+)$/m.exec(metrics)?.[1] ?? "";
  };

  /** Kills the connection over which this instance hears of changes. */
  const cutListener = async (instanceId: string): Promise<void> => {
    const list = String(await services.redis.client.call("CLIENT", "LIST"));
    const id = new RegExp(`^id=(\\d+) .*name=${instanceId}:listen `, "m").exec(list)?.[1];
    if (id) await services.redis.client.call("CLIENT", "KILL", "ID", id);
  };

  it("HS-8: every client on every instance gets every message, once, in order, whichever instance took it", async () => {
    const id = await newAgent();
    const clients = await Promise.all([first, second, first, second].map((at) => connect(at, `${id}/ws`)));
    for (const i of upTo(10)) await say(i % 2 ? first : second, id, `${i}`);
    for (const client of clients) {
      using _end = client;
      await received(client, 10);
      expect(client.seqs()).toEqual(upTo(10));
      expect(client.frames.slice(1).map(({ data }) => data?.text)).toEqual(clients[0]?.frames.slice(1).map(({ data }) => data?.text));
    }
  });

  it("HS-8: resumes after any event, on the other instance, without gap or duplicate, while messages go on", async () => {
    const id = await newAgent(4);
    const clients = await Promise.all([0, 1, 2, 3, 4].map((after) => connect(after % 2 ? first : second, `${id}/ws?after=${after}`)));
    await Promise.all([5, 6].map((i) => say(first, id, `${i}`)));
    for (const [after, client] of clients.entries()) {
      using _end = client;
      await received(client, 6 - after);
      expect(client.seqs()).toEqual(upTo(6, after + 1));
    }
  });

  it("HS-8: without Redis messages come late, and all of them", async () => {
    await using alone = new AsyncDisposableStack();
    const instance = await start({ redisUrl: Object.assign(new URL(services.redisUrl), { port: "9" }).href });
    alone.defer(() => instance.stop());
    const id = await newAgent();
    using client = await connect(instance, `${id}/ws`);
    for (const i of upTo(3)) await say(second, id, `${i}`);
    await received(client, 3);
    expect(client.seqs()).toEqual(upTo(3));
  });

  it("HS-8: loses nothing when the connections to Redis are cut in between", async () => {
    const id = await newAgent();
    using client = await connect(first, `${id}/ws`);
    for (const i of upTo(6)) {
      if (i % 2) await cutListener("ws-first");
      await say(second, id, `${i}`);
    }
    await received(client, 6);
    expect(client.seqs()).toEqual(upTo(6));
  });

  it("HS-9, HS-22: drops a client that does not answer pings, keeps one that only listens, and forgets clients that broke off", async () => {
    await using own = new AsyncDisposableStack();
    const instance = await start({ websocketPingMs: 1000 });
    own.defer(() => instance.stop());
    const id = await newAgent();
    const silent = await connect(instance, `${id}/ws`, { autoPong: false });
    using live = await connect(instance, `${id}/ws`);
    const broken = await connect(instance, `${id}/ws`);
    expect(await clientsOf(instance)).toBe("3");
    broken.socket.terminate();
    expect(await silent.closed).toBe(1006);
    await eventually(
      () => clientsOf(instance),
      (count) => count === "1",
      10_000,
    );
    expect(live.socket.readyState).toBe(WebSocket.OPEN);
  });

  it.skipIf(noNginx)(
    "HS-3, HS-18: through nginx, without affinity, idle for longer than its read time-out",
    async () => {
      await using own = new AsyncDisposableStack();
      const instances = await Promise.all([start({ websocketPingMs: 500 }), start({ websocketPingMs: 500 })]);
      for (const instance of instances) own.defer(() => instance.stop());
      const upstreams = instances.map(({ port }) => `127.0.0.1:${port}`);
      const nginx = own.use(await startNginx({ upstreams, balancing: "round_robin", readTimeoutS: 2 }));
      const id = await newAgent();
      const clients = await Promise.all([1, 2, 3, 4].map(() => connect(nginx, `${id}/ws`)));
      expect(await Promise.all(instances.map(clientsOf))).toEqual(["2", "2"]);
      await sleep(4000);
      await say(first, id, "after the silence");
      for (const client of clients) {
        using _end = client;
        await received(client, 1);
        expect(client.seqs()).toEqual([1]);
      }
    },
    60_000,
  );

  it("takes messages, one at a time, and answers each", async () => {
    const id = await newAgent();
    using client = await connect(first, `${id}/ws`);
    client.socket.send(JSON.stringify({ ref: "a", message: "hello", think_ms: 0 }));
    await eventually(
      async () => client.frames,
      (frames) => frames.some(({ type }) => type === "accepted") && frames.some(({ type }) => type === "event"),
    );
    expect(client.frames).toContainEqual(expect.objectContaining({ type: "accepted", ref: "a", version: 1 }));
    client.socket.send(JSON.stringify({ message: "\u0000", think_ms: 0 }));
    expect(await client.closed).toBe(1007);
    using hasty = await connect(first, `${id}/ws`);
    for (const think_ms of [1000, 0]) hasty.socket.send(JSON.stringify({ message: "m", think_ms }));
    expect(await hasty.closed).toBe(1013);
  });

  it("HS-15: an instance that stops finishes what was sent, says 1012, and the client resumes elsewhere", async () => {
    const instance = await start({ drainMs: 3000 });
    const id = await newAgent(2);
    using client = await connect(instance, `${id}/ws?after=0`);
    await received(client, 2);
    client.socket.send(JSON.stringify({ ref: 1, message: "last", think_ms: 300 }));
    await eventually(
      () => services.db.query("select 1 from agent_locks where agent_id = $1", [id]),
      (rows) => rows.length > 0,
    );
    await instance.stop();
    expect(await client.closed).toBe(1012);
    expect(client.frames).toContainEqual(expect.objectContaining({ type: "accepted", version: 3 }));
    const last = client.seqs().length;
    using resumed = await connect(second, `${id}/ws?after=${last}`);
    await received(resumed, 3 - last);
    expect([...client.seqs(), ...resumed.seqs()]).toEqual([1, 2, 3]);
  });

  it.each([
    ["an agent that is not there", "nobody/ws", 404],
    ["a number that is none", "nobody/ws?after=-1", 400],
    ["a wrong id", "a%20b/ws", 400],
    ["no such route", "nobody/wss", 404],
  ])("refuses %s over HTTP", async (_what, path, status) => {
    const socket = new WebSocket(`ws://127.0.0.1:${first.port}/api/v1/agents/${path}`);
    const answered = await new Promise((resolve, reject) => {
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
      socket.on("open", () => reject(new Error("opened")));
      socket.on("error", reject);
    });
    expect(answered).toBe(status);
  });

  it("refuses to resume after an event that is not there yet", async () => {
    const id = await newAgent(1);
    const socket = new WebSocket(`ws://127.0.0.1:${first.port}/api/v1/agents/${id}/ws?after=2`);
    socket.on("error", () => {});
    const status = await new Promise((resolve) => socket.on("unexpected-response", (_request, response) => resolve(response.statusCode)));
    expect(status).toBe(409);
  });

  it("answers a request that asks for another protocol where there is none, as if it had not asked", async () => {
    const id = await newAgent();
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", connection: "upgrade", upgrade: "h2c" };
      request({ port: first.port, method: "POST", path: `/api/v1/agents/${id}/turns`, headers }, (response) => resolve(response.statusCode))
        .on("error", reject)
        .end(JSON.stringify({ message: "m", think_ms: 0 }));
    });
    expect(status).toBe(200);
  });
});
