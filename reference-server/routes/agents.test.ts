import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly source: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of each answer
  readonly body: any;
}

describe.skipIf(noServices)("agents over HTTP, through two instances (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let first: Instance;
  let second: Instance;
  const call = async (at: Instance, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${at.port}/api/v1/agents/${path}`, { method, ...sent, headers: { ...type, ...headers } });
    return {
      status: response.status,
      etag: response.headers.get("etag"),
      source: response.headers.get("x-agent-cache"),
      body: await response.json(),
    };
  };
  const start = async (): Promise<Instance> => {
    const instance = await startInstance(
      testConfig(services, "api", { lockLeaseMs: 10_000, lockWaitMs: 20_000, poolTimeoutMs: 10_000 }),
      quiet,
      fail,
    );
    await eventually(
      () => fetch(`http://127.0.0.1:${instance.port}/api/v1/monitoring/ready`),
      ({ status }) => status === 200,
      20_000,
    );
    return instance;
  };
  beforeAll(async () => {
    services = await startServices();
    [first, second] = await Promise.all([start(), start()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    await services?.[Symbol.asyncDispose]();
  });

  it("creates an agent once", async () => {
    const id = randomUUID();
    expect((await call(first, "PUT", id)).status).toBe(201);
    expect((await call(second, "PUT", id)).status).toBe(200);
    expect(await call(second, "GET", id)).toMatchObject({ status: 200, etag: '"0"', body: { id, version: 0, blocks: {}, state: {} } });
  });

  it("HS-14: a block is set by those who have seen its latest version", async () => {
    const id = randomUUID();
    const set = (at: Instance, value: string, headers = {}) => call(at, "PUT", `${id}/blocks/persona`, { value }, headers);
    expect(await set(first, "a", { "if-none-match": "*" })).toMatchObject({ status: 200, etag: '"1"', body: { label: "persona", version: 1 } });
    expect((await set(second, "b", { "if-none-match": "*" })).status).toBe(412);
    expect((await set(second, "b", { "if-match": '"7"' })).status).toBe(412);
    expect((await set(second, "b", { "if-match": "7" })).status).toBe(400);
    expect(await set(second, "b", { "if-match": '"1"' })).toMatchObject({ status: 200, etag: '"2"' });
    expect((await set(first, "c")).status).toBe(200);
    expect(await call(second, "GET", `${id}/blocks/persona`)).toMatchObject({ etag: '"3"', body: { label: "persona", value: "c", version: 3 } });
    expect((await call(second, "GET", `${id}/blocks/constructor`)).status).toBe(404);
  });

  it("HS-14: of contenders with the same version one wins; nobody's increment is lost when the others try again", async () => {
    const id = randomUUID();
    await call(first, "PUT", `${id}/blocks/count`, { value: "0" });
    const increment = async (at: Instance): Promise<number> => {
      for (let refused = 0; ; refused++) {
        const { body, etag } = await call(at, "GET", `${id}/blocks/count`);
        const next = { value: String(Number(body.value) + 1) };
        if ((await call(at, "PUT", `${id}/blocks/count`, next, { "if-match": etag ?? "" })).status === 200) return refused;
      }
    };
    await Promise.all([first, second, first, second].map(increment));
    expect((await call(second, "GET", `${id}/blocks/count`)).body.value).toBe("4");
  });

  it("HS-14: several blocks change together or not at all, and a block that was only read can be insisted on", async () => {
    const id = randomUUID();
    const patch = (body: object) => call(second, "PATCH", `${id}/blocks`, body);
    expect(await patch({ set: { on_call_a: "yes", on_call_b: "yes" }, expect: { on_call_a: 0 } })).toMatchObject({
      status: 200,
      body: { version: 1 },
    });
    // Both saw both on call; each wants to leave, and only one may.
    expect((await patch({ set: { on_call_a: null }, expect: { on_call_a: 1, on_call_b: 1 } })).status).toBe(200);
    expect((await patch({ set: { on_call_b: null, other: "x" }, expect: { on_call_a: 1, on_call_b: 1 } })).status).toBe(409);
    expect((await call(first, "GET", id)).body.blocks).toEqual({ on_call_b: { value: "yes", version: 1 } });
  });

  it("HS-21: state, memory and tools through both instances at once: each is one event, in one order", async () => {
    const id = randomUUID();
    const changes = [
      () => call(first, "POST", `${id}/turns`, { message: "m", think_ms: 5 }),
      () => call(second, "PUT", `${id}/state`, { state: { mood: "good", level: 3 } }),
      () => call(first, "POST", `${id}/tools`, { tool: "append_to_block", label: "log", text: "x", duration_ms: 5 }),
      () => call(second, "POST", `${id}/tools`, { tool: "append_to_block", label: "log", text: "y", duration_ms: 5 }),
      () => call(first, "POST", `${id}/tools`, { tool: "remember", text: "the sky is blue", duration_ms: 0 }),
      () => call(second, "POST", `${id}/archive`, { text: "grass is green" }),
    ];
    const answers = await Promise.all(changes.map((change) => change()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 201]);
    const { body } = await call(second, "GET", id);
    expect(body).toMatchObject({ version: 6, state: { mood: "good", level: 3 } });
    expect([...body.blocks.log.value].sort()).toEqual(["x", "y"]);
    const tokens = answers.map((answer) => ({ token: answer.body.token, version: answer.body.version ?? answer.body.seq }));
    tokens.sort((a, b) => a.version - b.version);
    expect(tokens.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tokens.map(({ token }) => token)).toEqual(tokens.map(({ token }) => token).sort((a, b) => a - b));
    const found = await call(first, "POST", `${id}/archive/search`, { query: "blue sky" });
    expect(found.body.memories.map(({ text }: { text: string }) => text)).toEqual(["the sky is blue", "grass is green"]);
    const health = await fetch(`http://127.0.0.1:${first.port}/api/v1/health`).then(
      (response) => response.json() as Promise<{ vector_search: string }>,
    );
    expect(health.vector_search).toBe(found.body.vector_search);
  });

  it("HA-11: a cache-first read follows a change on the other instance, and says where it came from", async () => {
    const id = randomUUID();
    expect((await call(first, "GET", `${id}/cached`)).status).toBe(404);
    await call(first, "POST", `${id}/turns`, { message: "m", think_ms: 0 });
    expect(await call(second, "GET", `${id}/cached`)).toMatchObject({ status: 200, source: expect.stringMatching(/redis|database/) });
    await call(first, "POST", `${id}/turns`, { message: "m", think_ms: 0 });
    await eventually(
      () => call(second, "GET", `${id}/cached`),
      ({ etag }) => etag === '"2"',
    );
  });

  it("clears a lock that nobody holds", async () => {
    expect(await call(first, "POST", `${randomUUID()}/lock/clear`)).toMatchObject({ status: 200, body: { lock: "free" } });
  });

  it("exports and imports over HTTP, and refuses a document that contradicts itself", async () => {
    const id = randomUUID();
    const copy = randomUUID();
    await call(first, "POST", `${id}/turns`, { message: "hello", think_ms: 0 });
    const { body: document } = await call(second, "GET", `${id}/document`);
    expect((await call(first, "PUT", `${copy}/document`, { ...document, version: 2 })).status).toBe(422);
    expect(await call(first, "PUT", `${copy}/document`, document)).toMatchObject({ status: 201, body: { id: copy, version: 1 } });
    expect((await call(second, "PUT", `${copy}/document`, document)).status).toBe(200);
    expect((await call(second, "PUT", `${copy}/document`, { ...document, state: { a: 1 } })).status).toBe(409);
    expect((await call(second, "GET", `${copy}/messages`)).body.messages).toEqual([{ seq: 1, role: "user", text: "hello" }]);
  });
});
