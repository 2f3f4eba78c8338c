import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { type Faults, plantFaults } from "../testing/faults.ts";
import { type Document, operationsOf } from "../testing/openapi.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};
/** Answered without Postgres, over a protocol of their own, or (the question, tried last) by a run. */
const exempt = /monitoring|health|openapi|metrics|\/ws$|\/query$/;

interface Operation {
  readonly body?: object;
  /** Makes what the request is about, without faults. Returns the id for the path if it is not the subject. */
  readonly prepare?: (subject: string) => Promise<string>;
}

describe.skipIf(noServices)("LG-14 what every route sends again (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  const adminApiKey = randomBytes(24).toString("hex");
  const over = { outageBudgetMs: 15_000, lockLeaseMs: 10_000, lockWaitMs: 10_000 };
  let services: Services;
  let faults: Faults;
  let api: Instance;
  beforeAll(async () => {
    services = await startServices();
    faults = await plantFaults(services);
    api = await startInstance(testConfig(services, "api", { ...over, databaseUrl: faults.url, adminApiKey }), quiet, fail);
    await api.serving;
  });
  afterAll(async () => {
    await api?.stop();
    await faults?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
  });

  const ask = async (method: string, path: string, body?: object): Promise<{ status: number; text: string }> => {
    const bodied = body ? { body: JSON.stringify(body) } : {};
    const headers = { authorization: `Bearer ${adminApiKey}`, ...(body ? { "content-type": "application/json" } : {}) };
    const response = await fetch(`http://127.0.0.1:${api.port}${path}`, { method, headers, ...bodied, signal: AbortSignal.timeout(30_000) });
    return { status: response.status, text: await response.text() };
  };
  const made = async (method: string, path: string, body?: object): Promise<string> => {
    const { status, text } = await ask(method, path, body);
    expect(status, `${method} ${path} ${text}`).toBeLessThan(300);
    return (JSON.parse(text) as { id?: string }).id ?? "";
  };

  const input = { steps: 1, step_ms: 0 };
  const aRun = () => made("POST", "/api/v1/runs", { input });
  const aThread = () => made("POST", "/api/v1/threads", {});
  const anAgent = async (id: string): Promise<string> => {
    await made("PUT", `/api/v1/agents/${id}/blocks/log`, { value: "one" });
    return id;
  };
  // Not through the server, which would keep it in Redis.
  const aSession = async (id: string): Promise<string> => {
    await services.db.query("insert into sessions (id, data, recent_writes, expires_at) values ($1, '{}', '{}', now() + interval '1 hour')", [id]);
    return id;
  };
  const aDelivery = async (id: string): Promise<string> => {
    await services.db.query("insert into webhook_deliveries (run_id, url) values ($1, 'http://127.0.0.1:9/')", [id]);
    return id;
  };
  const aKey = async (subject: string): Promise<string> => {
    await made("PUT", `/api/v1/security/roles/${owner(subject)}`, { role: "user" });
    return made("POST", "/api/v1/security/keys", { principal: owner(subject) });
  };
  const owner = (subject: string): string => `p${subject}`;
  const anOwner = async (subject: string): Promise<string> => {
    await made("PUT", `/api/v1/security/roles/${owner(subject)}`, { role: "user" });
    return subject;
  };
  const document = { format: "agent/1", id: "a", version: 1, blocks: {}, state: {}, events: [{ seq: 1, kind: "archive", data: {} }] };

  const operations: Readonly<Record<string, Operation>> = {
    "POST /api/v1/runs": { body: { input } },
    "GET /api/v1/runs/{id}": { prepare: aRun },
    "GET /api/v1/runs/{id}/wait": { prepare: aRun },
    "GET /api/v1/runs/{id}/webhook": { prepare: aDelivery },
    "GET /api/v1/runs/{id}/stream": {
      async prepare() {
        const id = await aRun();
        await made("POST", `/api/v1/runs/${id}/cancel`);
        return id;
      },
    },
    "POST /api/v1/runs/{id}/cancel": { prepare: aRun },
    "POST /api/v1/threads": { body: {} },
    "GET /api/v1/threads/{id}": { prepare: aThread },
    "POST /api/v1/threads/{id}/runs": {
      body: { input, multitask: "interrupt" },
      async prepare() {
        const id = await aThread();
        await made("POST", `/api/v1/threads/${id}/runs`, { input });
        return id;
      },
    },
    "PUT /api/v1/agents/{id}": {},
    "GET /api/v1/agents/{id}": { prepare: anAgent },
    "GET /api/v1/agents/{id}/cached": {
      async prepare(id) {
        await services.db.query("insert into agents (id, fence) values ($1, 0)", [id]);
        return id;
      },
    },
    "GET /api/v1/agents/{id}/messages": { prepare: anAgent },
    // Without a replica it is a read of the primary.
    "GET /api/v1/agents/{id}/near": { prepare: anAgent },
    "POST /api/v1/agents/{id}/turns": { body: { message: "m", think_ms: 0 }, prepare: anAgent },
    "PUT /api/v1/agents/{id}/state": { body: { state: { a: 1 } } },
    "POST /api/v1/agents/{id}/tools": { body: { tool: "append_to_block", label: "log", text: "x", duration_ms: 0 }, prepare: anAgent },
    "POST /api/v1/agents/{id}/lock/clear": {
      async prepare(id) {
        await services.db.query("insert into agent_locks (agent_id, token, holder, expires_at) values ($1, 1, 'h', now() - interval '1 s')", [id]);
        return id;
      },
    },
    "GET /api/v1/agents/{id}/blocks/{label}": { prepare: anAgent },
    "PUT /api/v1/agents/{id}/blocks/{label}": { body: { value: "two" } },
    "PATCH /api/v1/agents/{id}/blocks": { body: { set: { log: "two", other: "x" } } },
    "POST /api/v1/agents/{id}/archive": { body: { text: "t" } },
    "POST /api/v1/agents/{id}/archive/search": {
      body: { query: "q" },
      async prepare(id) {
        await made("POST", `/api/v1/agents/${id}/archive`, { text: "t" });
        return id;
      },
    },
    "GET /api/v1/agents/{id}/document": { prepare: anAgent },
    "PUT /api/v1/agents/{id}/document": { body: { ...document, archive: [{ seq: 1, text: "t" }] } },
    "PUT /api/v1/sessions/{id}": { body: { data: { a: 1 } }, prepare: aSession },
    "GET /api/v1/sessions/{id}": { prepare: aSession },
    "POST /api/v1/sessions/{id}/costs": { body: { key: "k", micros: 5 }, prepare: aSession },
    "GET /api/v1/security/me": {
      async prepare(subject) {
        await services.redis.client.flushdb();
        return subject;
      },
    },
    "GET /api/v1/security/roles": {},
    "PUT /api/v1/security/roles/{name}": { body: { role: "auditor" }, prepare: async (subject) => owner(await anOwner(subject)) },
    "POST /api/v1/security/keys": { prepare: anOwner },
    "DELETE /api/v1/security/keys/{id}": { prepare: aKey },
    "GET /api/v1/security/audit": {
      // An entry is read once no older transaction of the whole cluster runs, so also none of the tests beside this one.
      async prepare(subject) {
        await anOwner(subject);
        await eventually(
          () => ask("GET", "/api/v1/security/audit"),
          ({ text }) => (JSON.parse(text) as { entries: object[] }).entries.length > 0,
        );
        return subject;
      },
    },
  };

  /** How much there is of everything that requests can change. */
  const everything = async (): Promise<Readonly<Record<string, number>>> => {
    const sums = [
      ...["runs", "run_events", "threads", "agents", "agent_events", "agent_archive", "agent_locks", "sessions", "session_costs"],
      ...["principals", "api_keys", "security_audit"],
    ].map((table) => `(select count(*) from ${table}) as ${table}`);
    const [row] = await services.db.query<Record<string, number>>(
      `select ${sums.join(", ")}, (select sum(version) from agents) as changes, (select sum(length(blocks->'log'->>'value')) from agents) as log,
         (select sum(version) from sessions) as writes, (select sum(cost_micros) from sessions) as cost, (select sum(last_position) from threads) as places,
         (select sum(version) from principals) as roles, (select count(*) from api_keys where revoked_at is not null) as revoked,
         (select count(*) from runs where status = 'cancelled') as cancelled`,
      [],
    );
    return Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count ?? 0)]));
  };

  interface Tried {
    readonly status: number;
    /** What the request added to everything. */
    readonly effect: Readonly<Record<string, number>>;
    readonly statements: number;
    readonly rows: number;
  }
  /** Makes a subject, meets the fault in the request about it, and says what came of it. */
  const attempt = async (name: string, meet: () => Promise<void> | void): Promise<Tried> => {
    const { body, prepare } = operations[name] ?? {};
    const [method = "", path = ""] = name.split(" ");
    const subject = randomUUID();
    const id = (await prepare?.(subject)) ?? subject;
    const before = await everything();
    const statements = faults.way.statements();
    await faults.raise({ code: "", times: 0 });
    await meet();
    const filled = path
      .replace("{label}", "log")
      .replace(/\{\w+\}/, id)
      .replace(/wait$/, "wait?timeout_ms=0");
    const { status } = await ask(method, filled, name === "POST /api/v1/security/keys" ? { principal: owner(subject) } : body);
    const rows = await faults.rows();
    const after = await everything();
    const effect = Object.fromEntries(Object.entries(after).map(([of, count]) => [of, count - (before[of] ?? 0)]));
    return { status, effect, statements: faults.way.statements() - statements, rows };
  };

  const usual = new Map<string, Tried>();
  const names = Object.keys(operations);

  it("knows every route, and all of them ask Postgres here", async () => {
    const described = (await (await fetch(`http://127.0.0.1:${api.port}/api/v1/openapi.json`)).json()) as Document;
    const routes = operationsOf(described).filter(({ path }) => !exempt.test(path));
    expect(names.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
    for (const name of names) usual.set(name, await attempt(name, () => {}));
    for (const [name, { status, rows, statements }] of usual) {
      expect(status, name).toBeLessThan(300);
      expect(rows, name).toBeGreaterThan(0);
      expect(statements, name).toBeGreaterThan(0);
    }
  }, 60_000);

  it.each(names)(
    "%s: whichever row the error is met at, it is answered, and done once",
    async (name) => {
      const { status, effect, rows } = usual.get(name) ?? {};
      for (let skip = 0; skip < Math.min(rows ?? 0, 12); skip++) {
        const tried = await attempt(name, () => faults.raise({ code: skip % 2 ? "40P01" : "40001", times: 1, skip }));
        expect(await faults.lift(), `${name}, row ${skip}`).toBe(1);
        expect([skip, tried.status, tried.effect]).toEqual([skip, status, effect]);
      }
    },
    60_000,
  );

  it.each(names)(
    "%s: however often it is an error that passes, it is answered, and done once",
    async (name) => {
      const { status, effect, rows } = usual.get(name) ?? {};
      for (const code of rows ? ["40P01", "08006"] : []) {
        const tried = await attempt(name, () => faults.raise({ code, times: 3 }));
        expect(await faults.lift(), `${name} ${code}`).toBe(3);
        expect([code, tried.status, tried.effect]).toEqual([code, status, effect]);
      }
    },
    60_000,
  );

  it.each(names)(
    "%s: whichever statement the connection breaks at, it is answered, and done once",
    async (name) => {
      const { status, effect, statements = 0 } = usual.get(name) ?? {};
      const { way } = faults;
      const unsent = await attempt(name, () => way.breakNext(2));
      expect(statements === 0 || way.breaksLeft() === 0, name).toBe(true);
      way.breakNext(0);
      expect(["not sent", unsent.status, unsent.effect]).toEqual(["not sent", status, effect]);
      let lost = 0;
      for (let skip = 0; skip < statements; skip++) {
        const tried = await attempt(name, () => way.loseAnswer(skip));
        // What is in Redis since may make it fewer statements than usual.
        if (!way.keepAnswers()) lost += 1;
        // Whoever made it is told so, but for those whose second send cannot tell its own first one from somebody else's.
        const answered =
          tried.status === 200 && /^(PUT \/api\/v1\/agents\/\{id\}(\/document)?|POST \/api\/v1\/threads)$/.test(name) ? status : tried.status;
        expect([skip, answered, tried.effect]).toEqual([skip, status, effect]);
      }
      expect(lost, name).toBeGreaterThan(0);
    },
    60_000,
  );

  it.each(names)(
    "%s: an error that stays is not tried again",
    async (name) => {
      const { rows } = usual.get(name) ?? {};
      for (const code of rows ? ["23514", "42P01"] : []) {
        const tried = await attempt(name, () => faults.raise({ code, times: 1000 }));
        expect([code, await faults.lift(), tried.status]).toEqual([code, 1, 500]);
        expect(
          Object.values(tried.effect).every((count) => count === 0),
          JSON.stringify(tried.effect),
        ).toBe(true);
      }
    },
    60_000,
  );

  it("POST /api/v1/query: whichever of its first statements loses its answer, one run is made and answers", async () => {
    const queue = await startInstance(testConfig(services, "queue", over), quiet, fail);
    await using parts = new AsyncDisposableStack();
    parts.defer(() => queue.stop());
    for (let skip = 0; skip < 3; skip++) {
      const { runs: before = 0 } = await everything();
      faults.way.loseAnswer(skip);
      expect((await ask("POST", "/api/v1/query", { query: "q", agent_type: "a", model: { ms: 200 } })).status).toBe(200);
      expect(faults.way.keepAnswers()).toBe(false);
      expect((await everything()).runs).toBe(before + 1);
    }
  }, 120_000);
});
