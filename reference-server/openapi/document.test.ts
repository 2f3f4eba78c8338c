import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { type Document, type Operation, operationsOf } from "../testing/openapi.ts";
import { noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("the OpenAPI document against the implementation (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let api: Instance;
  let document: Document;
  let operations: readonly Operation[];
  beforeAll(async () => {
    services = await startServices();
    api = await startInstance(testConfig(services, "api"), quiet, fail);
    document = (await (await fetch(`http://127.0.0.1:${api.port}/api/v1/openapi.json`)).json()) as Document;
    operations = operationsOf(document);
  });
  afterAll(async () => {
    await api?.stop();
    await services?.[Symbol.asyncDispose]();
  });
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

  it("describes every success of every route by a schema, and its problems by the one of all problems", () => {
    for (const { method, path, responses } of operations) {
      const what = `${method} ${path}`;
      const described = Object.entries(responses).filter(([status]) => status !== "default");
      const successes = described.filter(([status]) => /^[12]\d\d$/.test(status));
      expect(successes.length, what).toBeGreaterThan(0);
      for (const [status, { content }] of successes) {
        if (status === "101" || status === "204") expect(content, `${what} ${status}`).toBeUndefined();
        else for (const { schema } of Object.values(content ?? { none: { schema: {} } })) expect(schema, `${what} ${status}`).toHaveProperty("type");
      }
      const problems = described.filter(([, { content }]) => content?.["application/problem+json"]);
      expect(
        problems.map(([status]) => status),
        what,
      ).toContain("500");
      for (const [status, { content }] of problems) {
        expect(Number(status), what).toBeGreaterThanOrEqual(400);
        expect(content?.["application/problem+json"]?.schema, what).toEqual({ $ref: "#/components/schemas/Problem" });
      }
      expect(successes.length + problems.length + (path === "/api/v1/health" || path.endsWith("/ready") ? 1 : 0), what).toBe(described.length);
    }
    expect(Object.keys(document.components.schemas.Problem?.properties ?? {})).toEqual(["type", "title", "status", "detail", "request_id"]);
  });
});
