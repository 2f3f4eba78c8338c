import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { type Document, example, type Operation, objection, operationsOf, pathOf, wrongTypes } from "../testing/openapi.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};
const json = { "content-type": "application/json" };
/** No answer may take longer than what a lost database may cost (ms). */
const answerMs = 10_000;

describe.skipIf(noServices)("requests that are wrong, made from the OpenAPI document (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let api: Instance;
  let document: Document;
  let operations: readonly Operation[];
  let withBody: readonly Operation[];
  beforeAll(async () => {
    services = await startServices();
    api = await startInstance(testConfig(services, "api"), quiet, fail);
    await eventually(
      () => fetch(at("/api/v1/monitoring/ready")),
      ({ status }) => status === 200,
    );
    document = (await (await fetch(at("/api/v1/openapi.json"))).json()) as Document;
    operations = operationsOf(document);
    withBody = operations.filter(({ body }) => body);
    expect(withBody.length).toBeGreaterThan(2);
  });
  afterAll(async () => {
    await api?.stop();
    await services?.[Symbol.asyncDispose]();
  });
  const at = (path: string): string => `http://127.0.0.1:${api.port}${path}`;

  /** Sends it, and holds every answer to what holds for all: in time, no 500, and as the document describes it. */
  const send = async (operation: Operation, path: string, body: string | undefined): Promise<number> => {
    const { method } = operation;
    const bodied = method === "GET" || body === undefined ? {} : { body };
    const response = await fetch(at(path), { method, headers: "body" in bodied ? json : {}, ...bodied, signal: AbortSignal.timeout(answerMs) });
    const what = `${method} ${path} ${body?.slice(0, 200) ?? ""} answered ${response.status}`;
    const text = await response.text();
    expect(response.status, `${what}: ${text}`).not.toBe(500);
    expect(objection(document, operation, response, text), what).toBeUndefined();
    if (response.status >= 400) expect(JSON.parse(text), what).toMatchObject({ status: response.status });
    return response.status;
  };
  const sendAll = async (bodies: (operation: Operation) => readonly string[], expected: number): Promise<void> => {
    for (const operation of withBody) {
      for (const body of bodies(operation)) {
        const what = `${operation.method} ${operation.path} ${body.slice(0, 200)}`;
        expect(await send(operation, pathOf(operation), body), what).toBe(expected);
      }
    }
  };
  const valid = ({ body }: Operation) => example(body ?? {}) as Record<string, unknown>;

  it("malformed JSON is 400", () => sendAll(() => ["{", "{]", '{"a":}', "\u0000", '{"a":1}}', "nul", ""], 400));

  it("a name that occurs twice is 400", () => sendAll(() => ['{"a":1,"a":1}', '{"x":{"a":1,"\\u0061":2}}'], 400));

  it("another type of body is 400", () => sendAll(() => ["null", "[]", '"x"', "1", "true"], 400));

  it("names that would change prototypes are 400", () => sendAll(() => ['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}'], 400));

  it("a property of the wrong type is 400", () =>
    sendAll(
      (operation) =>
        Object.entries(operation.body?.properties ?? {}).flatMap(([name, schema]) =>
          wrongTypes(schema).map((value) => JSON.stringify({ ...valid(operation), [name]: value })),
        ),
      400,
    ));

  it("a missing property and one that nobody knows are 400", () =>
    sendAll((operation) => {
      const body = valid(operation);
      const without = (operation.body?.required ?? []).map((name) => ({ ...body, [name]: undefined }));
      const more = operation.body?.additionalProperties === false ? [{ ...body, unknown_to_all: 1 }] : [];
      return [...without, ...more].map((each) => JSON.stringify(each));
    }, 400));

  it("a body that is too large is 413", () => sendAll(() => [JSON.stringify({ x: "x".repeat(9_000_000) })], 413));

  it("text that Postgres cannot hold is no mistake of the server", async () => {
    for (const operation of withBody) {
      for (const [name, schema] of Object.entries(operation.body?.properties ?? {})) {
        if (schema.type !== "string") continue;
        for (const text of ['"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"']) {
          const rest = JSON.stringify({ ...valid(operation), [name]: undefined }).slice(1);
          const status = await send(operation, pathOf(operation), `{"${name}":${text}${rest === "}" ? "" : ","}${rest}`);
          expect(status, `${operation.path} ${name} ${text}`).toBe(400);
        }
      }
    }
  });

  it("what nobody made is 404, or is made by the request itself", async () => {
    for (const operation of operations) {
      if (!/\{id\}/.test(operation.path) || operation.path.startsWith("/api/v1/security/")) continue;
      const body = operation.body && JSON.stringify(valid(operation));
      const status = await send(operation, pathOf(operation, { id: randomUUID() }), body);
      const makes = operation.path.startsWith("/api/v1/agents/") || operation.method === "PUT" ? [200, 201, 204, 400, 404, 426] : [404];
      expect(makes, `${operation.method} ${operation.path}`).toContain(status);
    }
  });

  it("hostile paths are 400, 404 or 414", async () => {
    const hostile = ["%00", "%ff", "..%2f..%2fetc", "%c0%ae", "a%0d%0ax:%20y", "'%3bdrop%20table%20runs--", "%F0%9F%92%A9", "a".repeat(2000), "%"];
    for (const operation of operations) {
      const names = operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
      for (const name of names) {
        for (const value of hostile) {
          const body = operation.body && JSON.stringify(valid(operation));
          expect([400, 404, 414], `${operation.method} ${operation.path} ${value}`).toContain(
            await send(operation, pathOf(operation, { [name]: value }), body),
          );
        }
      }
    }
  });

  it("hostile queries and headers are 400", async () => {
    for (const operation of operations) {
      const path = pathOf(operation);
      const body = operation.body && JSON.stringify(valid(operation));
      for (const { in: place, name } of operation.parameters) {
        if (place === "query") expect(await send(operation, `${path}?${name}=%00x`, body), `${operation.path} ${name}`).toBe(400);
        if (place !== "header") continue;
        const headers = { ...json, [name]: "x".repeat(5000) };
        const bodied = operation.method === "GET" ? {} : { body: body ?? null };
        const response = await fetch(at(path), { method: operation.method, headers, ...bodied, signal: AbortSignal.timeout(answerMs) });
        expect([operation.path, response.status, response.headers.get("content-type")?.split(";")[0]]).toEqual([
          operation.path,
          400,
          "application/problem+json",
        ]);
      }
      expect(await send(operation, `${path}?a=${"x".repeat(5000)}`, undefined)).not.toBe(500);
    }
  });

  it.each([
    ["no HTTP at all", "hello\r\n\r\n", 400],
    ["a header that is too large", `GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(70_000)}\r\n\r\n`, 431],
    ["two lengths", "POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400],
    ["a length and chunks", "POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
    ["a header with a line feed in it", "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: a\nb\u0000\r\n\r\n", 400],
  ])("%s is refused in the same shape", async (_what, text, status) => {
    const socket = connect(api.port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.on("error", () => {});
    socket.write(text);
    await once(socket, "close", { signal: AbortSignal.timeout(answerMs) });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain("application/problem+json");
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status });
  });

  it("whatever JSON is sent, the answer is no 500 and no silence", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.jsonValue({ maxDepth: 4 }), async (pick, value) => {
        const operation = withBody[pick % withBody.length];
        if (!operation) throw new Error("Expected an operation with a body.");
        expect(await send(operation, pathOf(operation), JSON.stringify(value))).not.toBe(500);
      }),
      { numRuns: 200 },
    );
  });
});
