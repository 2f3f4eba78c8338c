import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { queryTimeoutMs } from "./query.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("queries (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let queue: Instance;
  let narrow: Instance;
  beforeAll(async () => {
    services = await startServices();
    const limits = { queriesAtOnce: 2, queriesWaiting: 3, drainMs: 5000 };
    [narrow, queue] = await Promise.all([
      startInstance(testConfig(services, "api", limits), quiet, fail),
      startInstance(testConfig(services, "queue", { runsPerInstance: 20 }), quiet, fail),
    ]);
    await Promise.all([narrow.serving, queue.serving]);
  });
  afterAll(async () => {
    await Promise.all([narrow?.stop(), queue?.stop()]);
    await services?.[Symbol.asyncDispose]();
  });
  const ask = (body: object, headers: Record<string, string> = {}, port = narrow.port) =>
    fetch(`http://127.0.0.1:${port}/api/v1/query`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query: "What is 2+2?", agent_type: "math", ...body }),
    });
  const most = (): Promise<number> =>
    services.db
      .query<{ most: number }>(
        `select max(count)::int as most from (
           select (select count(*) from runs other where other.created_at <= runs.created_at and other.finished_at > runs.created_at) as count from runs
         ) counts`,
        [],
      )
      .then(([row]) => row?.most ?? 0);

  it("answers as many at a time as it may, lets some wait, and refuses the rest with Retry-After (AB-5, AB-21)", async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => ask({ model: { ms: 300 } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 503, 503, 503, 503]);
    const refused = answers.find(({ status }) => status === 503);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(refused?.headers.get("content-type")).toContain("application/problem+json");
    expect(await most()).toBe(2);
    expect(await (await fetch(`http://127.0.0.1:${narrow.port}/metrics`)).text()).toContain('queries{state="in_progress"} 0');
  });

  it("cuts off no connection for its silence before the answer is due (AB-23)", async () => {
    let timeout: number | undefined;
    const note = (...[{ socket }]: [IncomingMessage]): void => {
      timeout = socket.timeout;
    };
    const patient = await startInstance(testConfig(services, "api"), quiet, fail, note as () => void);
    await patient.serving;
    expect((await ask({ model: { ms: 1 } }, {}, patient.port)).status).toBe(200);
    expect(timeout).toBeGreaterThan(queryTimeoutMs);
    await patient.stop();
  });

  it("HS-1: a second instance lets as many again be answered at a time", async () => {
    const second = await startInstance(testConfig(services, "api", { queriesAtOnce: 2, queriesWaiting: 3 }), quiet, fail);
    await second.serving;
    await services.db.query("delete from runs", []);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask({ model: { ms: 300 } }, {}, i % 2 ? second.port : narrow.port)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(await most()).toBe(4);
    await second.stop();
  });

  it("streams the answer's tokens when asked to, and names the run so that the client can resume elsewhere (LG-3, AB-3)", async () => {
    const response = await ask({ model: { ms: 300 } }, { accept: "text/event-stream" });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const text = await response.text();
    const events = [...text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)$/gm)].map(([, id, event, data]) => ({
      id,
      event,
      data: JSON.parse(data ?? ""),
    }));
    const tokens = events.filter(({ event }) => event === "tokens");
    expect(tokens.length).toBeGreaterThan(1);
    const end = events.at(-1);
    expect(end).toMatchObject({ event: "end", data: { status: "success", result: { answer: tokens.map(({ data }) => data.text).join("") } } });
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => String(i + 1)));
    const run = response.headers.get("x-run-id");
    const resumed = await fetch(`http://127.0.0.1:${narrow.port}/api/v1/runs/${run}/stream`, { headers: { "last-event-id": "2" } });
    expect([...(await resumed.text()).matchAll(/^id: (\d+)$/gm)][0]?.[1]).toBe("3");
  });

  it("takes the same time for the same seed", async () => {
    const model = { ms: 40, latency: "lognormal", seed: 5 };
    const runs = await Promise.all([0, 1].map(async () => ((await (await ask({ model })).json()) as { run_id: string }).run_id));
    const inputs = await services.db.query("select distinct input from runs where id = any($1::uuid[])", [runs]);
    expect(inputs).toMatchObject([{ input: { step_ms: 40, latency: "lognormal", seed: 5 } }]);
  });

  it("gives the turn of a client that went away while waiting to the next", async () => {
    const holding = [ask({ model: { ms: 400 } }), ask({ model: { ms: 400 } })];
    const gone = new AbortController();
    const waiting = async (): Promise<string> => (await fetch(`http://127.0.0.1:${narrow.port}/metrics`)).text();
    await eventually(waiting, (text) => text.includes('queries{state="in_progress"} 2'));
    const left = fetch(`http://127.0.0.1:${narrow.port}/api/v1/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "q", agent_type: "a" }),
      signal: gone.signal,
    }).catch(() => "left");
    await eventually(waiting, (text) => text.includes('queries{state="waiting"} 1'));
    gone.abort();
    expect(await left).toBe("left");
    await eventually(waiting, (text) => text.includes('queries{state="waiting"} 0'));
    expect((await Promise.all([...holding, ask({})])).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("answers what was asked before it was told to stop (LG-9)", async () => {
    const stopping = await startInstance(testConfig(services, "api", { drainMs: 8000 }), quiet, fail);
    await stopping.serving;
    const asked = [ask({ model: { ms: 500 } }, {}, stopping.port), ask({ model: { ms: 500 } }, { accept: "text/event-stream" }, stopping.port)];
    await eventually(
      async () => (await fetch(`http://127.0.0.1:${stopping.port}/metrics`)).text(),
      (text) => text.includes('queries{state="in_progress"} 2'),
    );
    const stopped = stopping.stop();
    const [json, stream] = await Promise.all(asked);
    expect(json?.status).toBe(200);
    expect(await stream?.text()).toMatch(/event: end/);
    await stopped;
  });

  it("refuses what is no query", async () => {
    expect((await ask({ model: { ms: -1 } })).status).toBe(400);
    expect((await ask({ model: { ms: 1, latency: "normal" } })).status).toBe(400);
    expect((await ask({ agent_type: "" })).status).toBe(400);
  });
});
