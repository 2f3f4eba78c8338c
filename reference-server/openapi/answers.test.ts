import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { type Instance, startInstance } from "../instance.ts";
import { type Document, objection, operationsOf } from "../testing/openapi.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("answers as the OpenAPI document describes them (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  const adminApiKey = randomBytes(24).toString("hex");
  const admin = { authorization: `Bearer ${adminApiKey}` };
  let services: Services;
  let api: Instance;
  let queue: Instance;
  let document: Document;
  /** "METHOD /path/{id} status" of every answer that was held against the document. */
  const seen = new Set<string>();
  beforeAll(async () => {
    services = await startServices();
    const over = { heartbeatTimeoutMs: 10_000, lockLeaseMs: 10_000, lockWaitMs: 10_000 };
    api = await startInstance(testConfig(services, "api", { ...over, adminApiKey }), quiet, fail);
    queue = await startInstance(testConfig(services, "queue", over), quiet, fail);
    await Promise.all([api.serving, queue.serving]);
    document = (await call("GET", "/api/v1/openapi.json", {}, { read: false })) as Document;
  });
  afterAll(async () => {
    await Promise.all([api?.stop(), queue?.stop()]);
    await services?.[Symbol.asyncDispose]();
  });

  interface Call {
    readonly body?: object;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: string;
    /** False: the document is not there yet. */
    readonly read?: boolean;
  }
  /** Sends it and holds the answer against the document. Returns its JSON. */
  const call = async (method: string, path: string, values: Readonly<Record<string, string>> = {}, so: Call = {}): Promise<unknown> => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? "");
    const bodied = so.body ? { body: JSON.stringify(so.body) } : {};
    const headers = { ...(so.body ? { "content-type": "application/json" } : {}), ...so.headers };
    const response = await fetch(`http://127.0.0.1:${api.port}${filled}${so.query ?? ""}`, { method, ...bodied, headers });
    const text = await response.text();
    if (so.read !== false) {
      const operation = operationsOf(document).find((each) => each.method === method && each.path === path);
      if (!operation) throw new Error(`Expected ${method} ${path} to be in the document.`);
      expect(objection(document, operation, response, text), `${method} ${filled}`).toBeUndefined();
      seen.add(`${method} ${path} ${response.status}`);
    }
    return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  };
  const input = { steps: 2, step_ms: 0 };
  const nobody = { id: randomUUID() };

  it("about the instance", async () => {
    for (const path of ["/api/v1/health", "/api/v1/monitoring/ready", "/api/v1/monitoring/live", "/metrics", "/api/v1/openapi.json"]) {
      await call("GET", path);
    }
  });

  it("about runs and threads", async () => {
    const headers = { "idempotency-key": "described" };
    // Nobody listens there: the delivery stays pending, with what went wrong.
    const body = { input, agent_id: "a", webhook: "http://127.0.0.1:9/" };
    const run = (await call("POST", "/api/v1/runs", {}, { body, headers })) as { id: string };
    await call("POST", "/api/v1/runs", {}, { body, headers });
    await call("POST", "/api/v1/runs", {}, { body: { input }, headers });
    await call("GET", "/api/v1/runs/{id}/wait", run);
    await call("GET", "/api/v1/runs/{id}", run);
    const delivery = async () => (await call("GET", "/api/v1/runs/{id}/webhook", run)) as { last_error: string | null };
    await eventually(delivery, ({ last_error }) => last_error !== null);
    await call("POST", "/api/v1/runs/{id}/cancel", run);
    await call("GET", "/api/v1/runs/{id}/stream", run);
    await call("GET", "/api/v1/runs/{id}/stream", run, { headers: { "last-event-id": "1000000" } });
    const failed = await call("POST", "/api/v1/runs", {}, { body: { input: { ...input, fail_with: { step: 1, message: "no" } } } });
    expect(await call("GET", "/api/v1/runs/{id}/wait", failed as { id: string })).toMatchObject({ status: "error", error: "no" });

    const thread = (await call("POST", "/api/v1/threads", {}, { body: {} })) as { id: string };
    await call("POST", "/api/v1/threads", {}, { body: thread });
    const long = { input: { steps: 1, step_ms: 30_000 } };
    const first = (await call("POST", "/api/v1/threads/{id}/runs", thread, { body: long, headers: { "idempotency-key": "long" } })) as { id: string };
    await call("POST", "/api/v1/threads/{id}/runs", thread, { body: long, headers: { "idempotency-key": "long" } });
    await call("POST", "/api/v1/threads/{id}/runs", thread, { body: { ...long, multitask: "reject" } });
    await call("POST", "/api/v1/threads/{id}/runs", nobody, { body: long });
    await call("GET", "/api/v1/threads/{id}", thread);
    await call("POST", "/api/v1/runs/{id}/cancel", first);
    for (const path of ["", "/wait", "/webhook", "/stream"]) await call("GET", `/api/v1/runs/{id}${path}`, nobody);
    await call("GET", "/api/v1/threads/{id}", nobody);
  });

  it("about questions", async () => {
    const body = { query: "q", agent_type: "a", model: { ms: 0 } };
    expect(await call("POST", "/api/v1/query", {}, { body })).toMatchObject({ agent_type: "a" });
    expect(await call("POST", "/api/v1/query", {}, { body, headers: { accept: "text/event-stream" } })).toContain("event: end");
  });

  it("about agents, their memory and their documents", async () => {
    const agent = { id: "described", label: "log" };
    const path = "/api/v1/agents/{id}";
    await call("PUT", path, agent);
    await call("PUT", path, agent);
    await call("PUT", `${path}/state`, agent, { body: { state: { a: 1, b: "x", c: null, d: true } } });
    await call("PUT", `${path}/state`, agent, { body: { state: {} }, headers: { "if-match": '"0"' } });
    await call("PUT", `${path}/blocks/{label}`, agent, { body: { value: "one" } });
    await call("PUT", `${path}/blocks/{label}`, agent, { body: { value: "two" }, headers: { "if-none-match": "*" } });
    await call("PATCH", `${path}/blocks`, agent, { body: { set: { log: "two", other: "x" } } });
    await call("PATCH", `${path}/blocks`, agent, { body: { set: { log: "three" }, expect: { log: 0 } } });
    await call("GET", `${path}/blocks/{label}`, agent);
    await call("GET", `${path}/blocks/{label}`, { id: "described", label: "none" });
    await call("POST", `${path}/turns`, agent, { body: { message: "hello", think_ms: 0 } });
    await call("POST", `${path}/tools`, agent, { body: { tool: "append_to_block", label: "log", text: "x", duration_ms: 0 } });
    await call("POST", `${path}/tools`, agent, { body: { tool: "remember", text: "the sky is blue", duration_ms: 0 } });
    await call("POST", `${path}/archive`, agent, { body: { text: "grass is green" } });
    const found = await call("POST", `${path}/archive/search`, agent, { body: { query: "sky" } });
    expect((found as { memories: unknown[] }).memories).toHaveLength(2);
    await call("GET", path, agent);
    await call("GET", `${path}/cached`, agent);
    await call("GET", `${path}/near`, agent);
    expect(await call("GET", `${path}/messages`, agent)).toMatchObject({ messages: [{ role: "user", text: "hello" }] });
    await call("POST", `${path}/lock/clear`, agent);
    const exported = (await call("GET", `${path}/document`, agent)) as object;
    await call("PUT", `${path}/document`, { id: "copy" }, { body: exported });
    await call("PUT", `${path}/document`, { id: "copy" }, { body: exported });
    await call("PUT", `${path}/document`, agent, { body: exported });
    await call("PUT", `${path}/document`, agent, { body: { ...exported, version: 1 } });
    for (const rest of ["", "/cached", "/near", "/messages", "/document"]) await call("GET", `${path}${rest}`, { id: "nobody" });
  });

  it("about an agent's socket", async () => {
    const path = "/api/v1/agents/{id}/ws";
    const socket = new WebSocket(`ws://127.0.0.1:${api.port}/api/v1/agents/described/ws`);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.terminate();
    expect(operationsOf(document).find((each) => each.path === path)?.responses).toHaveProperty("101");
    seen.add(`GET ${path} 101`);
  });

  it("about sessions", async () => {
    const session = { id: randomUUID() };
    const path = "/api/v1/sessions/{id}";
    await call("PUT", path, session, { body: { data: { a: 1, b: null } } });
    await call("PUT", path, session, { body: { data: {} }, headers: { "if-match": '"7"' } });
    await call("GET", path, session);
    await call("GET", path, session, { query: "?min_version=7" });
    await call("GET", path, nobody);
    await call("POST", `${path}/costs`, session, { body: { key: "k", micros: 1 } });
    await call("POST", `${path}/costs`, session, { body: { key: "k", micros: 2 } });
  });

  it("about security", async () => {
    const path = "/api/v1/security";
    const as = (body?: object): Call => ({ headers: admin, ...(body ? { body } : {}) });
    await call("PUT", `${path}/roles/{name}`, { name: "ann" }, as({ role: "user" }));
    const made = (await call("POST", `${path}/keys`, {}, as({ principal: "ann" }))) as { id: string; key: string };
    await call("POST", `${path}/keys`, {}, as({ principal: "unknown" }));
    for (const rest of ["me", "roles", "audit"]) {
      await call("GET", `${path}/${rest}`, {}, as());
      await call("GET", `${path}/${rest}`);
    }
    await call("GET", `${path}/roles`, {}, { headers: { "x-api-key": made.key } });
    await call("DELETE", `${path}/keys/{id}`, made, as());
    await call("DELETE", `${path}/keys/{id}`, nobody, as());
  });

  it("were given for every success that the document describes", () => {
    const described = operationsOf(document).flatMap(({ method, path, responses }) =>
      Object.keys(responses)
        .filter((status) => /^[12]/.test(status))
        .map((status) => `${method} ${path} ${status}`),
    );
    expect(described.length).toBeGreaterThan(30);
    expect(described.filter((each) => !seen.has(each))).toEqual([]);
  });
});
