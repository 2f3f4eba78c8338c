import { readdir, readFile } from "node:fs/promises";
import Schema from "typebox/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { type Document, example, type Operation, operationsOf, pathOf } from "../testing/openapi.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("the OpenAPI document against the implementation (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let api: Instance;
  let queue: Instance;
  let document: Document;
  let operations: readonly Operation[];
  beforeAll(async () => {
    services = await startServices();
    const over = { heartbeatTimeoutMs: 10_000, lockLeaseMs: 10_000 };
    api = await startInstance(testConfig(services, "api", over), quiet, fail);
    queue = await startInstance(testConfig(services, "queue", over), quiet, fail);
    await eventually(
      () => fetch(at("/api/v1/monitoring/ready")),
      ({ status }) => status === 200,
    );
    document = (await (await fetch(at("/api/v1/openapi.json"))).json()) as Document;
    operations = operationsOf(document);
  });
  afterAll(async () => {
    await Promise.all([api?.stop(), queue?.stop()]);
    await services?.[Symbol.asyncDispose]();
  });
  const at = (path: string): string => `http://127.0.0.1:${api.port}${path}`;

  it("has every route that the source names", async () => {
    const folder = new URL("../routes/", import.meta.url);
    const files = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    const sources = await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")));
    const named = sources.flatMap((source) => [...source.matchAll(/app\.(get|post|put|patch|delete)\(\s*"([^"]+)"/g)]);
    expect(named.length).toBeGreaterThan(10);
    const listed = operations.map(({ method, path }) => `${method} ${path}`);
    for (const [, method = "", url = ""] of named) expect(listed).toContain(`${method.toUpperCase()} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
  });

  it("names every parameter of every path, and every operation once", () => {
    for (const { path, parameters } of operations) {
      const named = parameters.filter(({ in: place }) => place === "path").map(({ name }) => `{${name}}`);
      expect(named.sort()).toEqual((path.match(/\{\w+\}/g) ?? []).sort());
    }
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((operation) => (operation as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("describes the answers that are given, the good ones and the problems", async () => {
    const problem = document.components.schemas.Problem ?? {};
    const described: string[] = [];
    for (const operation of operations.filter(({ path }) => !path.endsWith("/ws"))) {
      const { method, body, responses } = operation;
      const bodied = body && method !== "GET" ? { body: JSON.stringify(example(body)), headers: { "content-type": "application/json" } } : {};
      const response = await fetch(at(pathOf(operation)), { method, ...bodied, signal: AbortSignal.timeout(20_000) });
      const text = await response.text();
      const what = `${method} ${operation.path} ${response.status} ${text.slice(0, 300)}`;
      const schema = responses[String(response.status)]?.content?.["application/json"]?.schema;
      if (schema) {
        described.push(`${method} ${operation.path} ${response.status}`);
        expect(Schema.Check(schema, JSON.parse(text)), what).toBe(true);
      } else if (response.status >= 400) {
        expect(response.headers.get("content-type"), what).toContain("application/problem+json");
        expect(Schema.Check(problem, JSON.parse(text)), what).toBe(true);
      } else {
        // Nothing is said of it but that it is a success: then it must be one that stands there.
        expect(Object.keys(responses), what).toContain("2XX");
      }
    }
    expect(described).toContain("POST /api/v1/runs 201");
  }, 120_000);

  it("describes what becomes of a run", async () => {
    const schemaOf = (method: string, path: string, status: string) =>
      operations.find((operation) => operation.method === method && operation.path === path)?.responses[status]?.content?.["application/json"]
        ?.schema ?? false;
    const headers = { "content-type": "application/json", "idempotency-key": "described" };
    const create = async () =>
      await fetch(at("/api/v1/runs"), { method: "POST", headers, body: JSON.stringify({ input: { steps: 1, step_ms: 0 } }) });
    const first = await create();
    const run = (await first.json()) as { id: string };
    expect(first.status).toBe(201);
    const again = await create();
    expect([again.status, Schema.Check(schemaOf("POST", "/api/v1/runs", "200"), await again.json())]).toEqual([200, true]);
    for (const [method, path] of [
      ["GET", "/api/v1/runs/{id}/wait"],
      ["GET", "/api/v1/runs/{id}"],
    ] as const) {
      const answer = await fetch(at(path.replace("{id}", run.id)), { method });
      expect([answer.status, Schema.Check(schemaOf(method, path, "200"), await answer.json())]).toEqual([200, true]);
    }
  });
});
