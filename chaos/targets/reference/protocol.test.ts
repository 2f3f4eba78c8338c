import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "./protocol.ts";
import type { Request } from "./requests.ts";

interface Schema {
  readonly type?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Of properties by the pattern of their names: free ones. */
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

interface Described {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Described>>>>;

const main = fileURLToPath(new URL("../../../reference-server/main.ts", import.meta.url));
const run = "00000000-0000-4000-8000-000000000000";
const requests: Readonly<Record<keyof typeof operations, Request>> = {
  makeThread: operations.makeThread.request({ thread: run }),
  create: operations.create.request({ key: "k1", steps: 2, stepMs: 10, latency: "lognormal", failsAt: 1 }),
  wait: operations.wait.request({ run, timeoutMs: 20_000 }),
  cancel: operations.cancel.request({ run }),
  ask: operations.ask.request({ question: "why?", ms: 100 }),
  turn: operations.turn.request({ agent: "a1", message: "hello", thinkMs: 0 }),
  saveSession: operations.saveSession.request({ session: run, n: 1 }),
  saveBriefly: operations.saveBriefly.request({ session: run, n: 1, ttlS: 5 }),
  readBrief: operations.readBrief.request({ session: run }),
  openSession: operations.openSession.request({ session: run, n: 1 }),
  continueSession: operations.continueSession.request({ session: run, n: 2, from: 1, version: 3 }),
  removeBlock: operations.removeBlock.request({ agent: "a1", label: "facts" }),
  readSession: operations.readSession.request({ session: run, seen: 3 }),
  replaceBeside: operations.replaceBeside.request({
    ...{ agent: "a1", label: "facts", value: "new", from: "old", version: 3, beside: "persona", besideVersion: 0 },
  }),
  addCost: operations.addCost.request({ session: run, costKey: "c1", cost: 3 }),
  peekSession: operations.peekSession.request({ session: run }),
  saveState: operations.saveState.request({ agent: "a1", n: 1, position: "3-1/16B3748" }),
  replaceState: operations.replaceState.request({ agent: "a1", n: 2, from: 1, version: 3 }),
  readNear: operations.readNear.request({ agent: "a1", position: "0-0/0" }),
  peekNear: operations.peekNear.request({ agent: "a1" }),
  readAgent: operations.readAgent.request({ agent: "a1" }),
  useTool: operations.useTool.request({ agent: "a1", text: "t", durationMs: 5, position: "0-0/0" }),
  append: operations.append.request({ agent: "a1", label: "log", text: "t;", durationMs: 5 }),
  recall: operations.recall.request({ agent: "a1", text: "t of a", asked: "a of t" }),
  setBlock: operations.setBlock.request({ agent: "a1", label: "facts", value: "v" }),
  peekAgent: operations.peekAgent.request({ agent: "a1" }),
  replaceBlock: operations.replaceBlock.request({ agent: "a1", label: "facts", value: "w", from: "v", version: 3 }),
  archive: operations.archive.request({ agent: "a1", text: "a fact" }),
  readBlock: operations.readBlock.request({ agent: "a1", label: "facts" }),
  giveRole: operations.giveRole.request({ principal: "p1", role: "auditor" }),
  makeKey: operations.makeKey.request({ principal: "p1" }),
  endKey: operations.endKey.request({ principal: "p1", keyId: run }),
  useKey: operations.useKey.request({ principal: "p1", keyId: run, secret: "s" }),
  listRoles: operations.listRoles.request({ principal: "p1", keyId: run, secret: "s" }),
  exportAgent: operations.exportAgent.request({ agent: "a1" }),
  importAgent: operations.importAgent.request({
    agent: "a2",
    document: { format: "agent/1", id: "a1", version: 0, blocks: {}, state: {}, events: [], archive: [] },
  }),
};
/** Each, and what is another request where it is asked for in another way. */
const all: readonly (readonly [name: string, request: Request])[] = [
  ...Object.entries(requests),
  ["create", operations.create.request({ key: "k1", steps: 2, stepMs: 10, thread: run })],
  ["create", operations.create.request({ key: "k1", steps: 2, stepMs: 10, thread: run, rule: "interrupt" })],
];

/** What the document has against a value, as far as the protocol's requests go: objects, numbers and texts. */
function objections(schema: Schema, value: unknown, at: string): string[] {
  if (schema.type === "object") {
    const given = Object.entries(value as object);
    const missing = (schema.required ?? []).filter((name) => !given.some(([each]) => each === name)).map((name) => `${at}.${name} is missing`);
    return [
      ...missing,
      ...given.flatMap(([name, each]) => {
        const free = Object.entries(schema.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern, "u").test(name));
        const property = schema.properties?.[name] ?? free?.[1];
        return property ? objections(property, each, `${at}.${name}`) : [`${at}.${name} is not known`];
      }),
    ];
  }
  if (schema.type === "integer" && (!Number.isInteger(value) || Number(value) < (schema.minimum ?? -1e9) || Number(value) > (schema.maximum ?? 1e9)))
    return [`${at} is ${value}`];
  if (schema.type === "string" && (typeof value !== "string" || !new RegExp(schema.pattern ?? "", "u").test(value))) return [`${at} is ${value}`];
  return [];
}

describe("the protocol against the server's OpenAPI document", () => {
  let paths: Paths;
  const child = spawn(process.execPath, [main], {
    // Nothing listens there: the document is served all the same.
    env: {
      INSTANCE_ID: "api-1",
      ROLE: "api",
      PORT: "0",
      DATABASE_URL: "postgres://u@127.0.0.1:9/x",
      REDIS_URL: "redis://127.0.0.1:9",
      DRAIN_MS: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  beforeAll(async () => {
    let output = "";
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      output += chunk;
      const port = /"port":(\d+)/.exec(output)?.[1];
      if (!port) continue;
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/openapi.json`);
      paths = ((await response.json()) as { paths: Paths }).paths;
      return;
    }
    throw new Error(`Expected the server to listen, and it ended: ${output}`);
  }, 120_000);
  afterAll(async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  });

  const describedOf = ({ method, path }: Request): { described: Described | undefined; values: RegExpExecArray | null; names: string[] } => {
    const [bare = ""] = path.split("?");
    for (const [template, methods] of Object.entries(paths)) {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
      const values = new RegExp(`^${template.replaceAll(/\{\w+\}/g, "([^/]+)")}$`).exec(bare);
      if (values && methods[method.toLowerCase()]) return { described: methods[method.toLowerCase()], values, names };
    }
    return { described: undefined, values: null, names: [] };
  };

  it.each(all)("%s is a request that the document describes", (_name, request) => {
    const { described, values, names } = describedOf(request);
    expect(described, `${request.method} ${request.path}`).toBeDefined();
    const given = new Map<string, string>(names.map((name, i) => [`path ${name}`, decodeURIComponent(values?.[i + 1] ?? "")]));
    for (const [name, value] of new URLSearchParams(request.path.split("?")[1] ?? "")) given.set(`query ${name}`, value);
    for (const [name, value] of Object.entries(request.headers)) if (name !== "Content-Type") given.set(`header ${name.toLowerCase()}`, value);
    const parameters = new Map(described?.parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]));
    for (const [name, value] of given) expect(objections(parameters.get(name)?.schema ?? { type: "integer" }, value, name)).toEqual([]);
    for (const [name, { required }] of parameters) if (required) expect([...given.keys()]).toContain(name);
    const schema = described?.requestBody?.content["application/json"]?.schema;
    expect(request.body !== null).toBe(schema !== undefined);
    if (schema) expect(objections(schema, JSON.parse(request.body ?? "null"), "body")).toEqual([]);
  });

  it.each(all)("what %s reads of an answer stands in the document", (name, request) => {
    const { described } = describedOf(request);
    const answers = Object.entries(described?.responses ?? {}).filter(([status]) => /^2\d\d$/.test(status));
    expect(answers.length).toBeGreaterThan(0);
    for (const [status, { content }] of answers) {
      const properties = content?.["application/json"]?.schema.properties ?? {};
      // What clients keep in free properties is theirs: the protocol's own is called n.
      const told = ([name, schema]: [string, unknown]) => [name, (schema as { type?: string }).type === "object" ? { n: "the n" } : `the ${name}`];
      const body = JSON.stringify(Object.fromEntries(Object.entries(properties).map(told)));
      const result = operations[name as keyof typeof operations].result({ status: Number(status), body, headers: {}, refused: false, error: "" });
      expect(result).toMatchObject({ outcome: "ok", served: "yes" });
      expect(Object.values(result.value as object)).not.toContain(null);
    }
  });
});

it("a refusal for now is told with whether it says when to come again", () => {
  const refused = (headers: Record<string, string>, status = 503) =>
    operations.create.result({ status, body: "{}", headers, refused: false, error: "" });
  expect(refused({ "Retry-After": "1" })).toEqual({ outcome: "info", served: "shed", error: "status 503" });
  expect(refused({}).error).toBe("status 503 without Retry-After");
  expect(refused({}, 409).error).toBe("status 409");
});
