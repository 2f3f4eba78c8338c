import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of each answer
  readonly body: any;
}

describe.skipIf(noServices)("sessions and security (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  const adminApiKey = randomBytes(24).toString("hex");
  let services: Services;
  let first: Instance;
  let second: Instance;
  let alone: Instance;
  const call = async (at: Instance, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${at.port}/api/v1/${path}`, { method, ...sent, headers: { ...type, ...headers } });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const start = async (over = {}): Promise<Instance> => {
    const instance = await startInstance(testConfig(services, "api", over), quiet, fail);
    await eventually(
      () => call(instance, "GET", "monitoring/ready"),
      ({ status }) => status === 200,
      20_000,
    );
    return instance;
  };
  beforeAll(async () => {
    services = await startServices();
    const redisUrl = Object.assign(new URL(services.redisUrl), { port: "9" }).href;
    [first, second, alone] = await Promise.all([start({ adminApiKey }), start(), start({ redisUrl })]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop(), alone?.stop()]);
    await services?.[Symbol.asyncDispose]();
  });

  describe("sessions", () => {
    it("AB-4, HA-8: what was written through one instance is read through every other, with and without Redis", async () => {
      const id = randomUUID();
      for (const [i, at] of [first, second, alone, first, alone, second].entries()) {
        const written = await call(at, "PUT", `sessions/${id}`, { data: { turn: i } });
        expect(written).toMatchObject({ status: 200, body: { id, version: i + 1 } });
        for (const reader of [first, second, alone]) {
          const read = await call(reader, "GET", `sessions/${id}?min_version=${written.body.version}`);
          expect(read).toMatchObject({ status: 200, body: { data: { turn: i } } });
        }
      }
    });

    it("AB-4: a cost is counted once, however often and wherever it is sent, and its key not for another amount", async () => {
      const id = randomUUID();
      await call(first, "PUT", `sessions/${id}`, { data: {} });
      const send = (at: Instance, key: string, micros: number) => call(at, "POST", `sessions/${id}/costs`, { key, micros });
      const answers = await Promise.all([first, second, alone, first].map((at) => send(at, "a", 5)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      await Promise.all([1, 2, 3, 4, 5, 6].map((n) => send(n % 2 ? first : second, `n${n}`, n)));
      expect(await send(alone, "a", 5)).toMatchObject({ status: 200, body: { cost_micros: 26, version: 8 } });
      expect((await send(first, "a", 6)).status).toBe(422);
      expect((await call(second, "GET", `sessions/${id}?min_version=8`)).body.cost_micros).toBe(26);
    });

    it("AB-18, AB-22: nothing is lost when Redis forgets everything", async () => {
      const id = randomUUID();
      await call(first, "PUT", `sessions/${id}`, { data: { kept: true } });
      await services.redis.client.flushdb();
      expect((await call(second, "GET", `sessions/${id}`)).body).toMatchObject({ data: { kept: true } });
    });

    it("FR-6: of two writers that saw the same version one is refused", async () => {
      const id = randomUUID();
      expect((await call(first, "PUT", `sessions/${id}`, { data: {} }, { "if-none-match": "*" })).status).toBe(200);
      const writes = await Promise.all([first, second].map((at, by) => call(at, "PUT", `sessions/${id}`, { data: { by } }, { "if-match": '"1"' })));
      expect(writes.map(({ status }) => status).sort()).toEqual([200, 412]);
      expect((await call(first, "PUT", `sessions/${id}`, { data: { other: 1 } }, { "if-none-match": "*" })).status).toBe(412);
      expect((await call(first, "PUT", `sessions/${randomUUID()}`, { data: {} }, { "if-match": '"1"' })).status).toBe(412);
    });

    it("ends with its time", async () => {
      const id = randomUUID();
      await call(alone, "PUT", `sessions/${id}`, { data: {}, ttl_s: 1 });
      await eventually(
        () => call(alone, "GET", `sessions/${id}`),
        ({ status }) => status === 404,
        10_000,
      );
      expect((await call(alone, "POST", `sessions/${id}/costs`, { key: "late", micros: 1 })).status).toBe(404);
    });
  });

  describe("security", () => {
    const admin = { authorization: `Bearer ${adminApiKey}` };
    const give = (principal: string, role: string) => call(first, "PUT", `security/roles/${principal}`, { role }, admin);
    const keyFor = async (principal: string): Promise<{ id: string; key: string }> => {
      const { status, body } = await call(second, "POST", "security/keys", { principal }, admin);
      expect(status).toBe(201);
      return body;
    };
    const me = (at: Instance, key: string) => call(at, "GET", "security/me", undefined, { "x-api-key": key });

    it("HS-22: a key is accepted alike by every instance, whichever made it, with and without Redis", async () => {
      await give("ann", "auditor");
      const { key } = await keyFor("ann");
      for (const at of [first, second, alone, first]) expect(await me(at, key)).toEqual({ status: 200, body: { principal: "ann", role: "auditor" } });
      for (const at of [second, alone]) expect(await me(at, adminApiKey)).toMatchObject({ body: { role: "admin" } });
    });

    it("HS-22, HS-11: a key is nowhere but with its owner", async () => {
      await give("kim", "user");
      const { key } = await keyFor("kim");
      await me(first, key);
      const tables = ["principals", "api_keys", "security_audit"];
      const rows = await Promise.all(tables.map((table) => services.db.query(`select * from ${table}`, [])));
      expect(JSON.stringify(rows)).not.toContain(key);
      const cached = await services.redis.client.keys("*");
      expect(cached.some((name) => name.startsWith("api-key:"))).toBe(true);
      expect(JSON.stringify([cached, await Promise.all(cached.map((name) => services.redis.client.dump(name)))])).not.toContain(key);
    });

    it("AB-18: an evicted role is looked up, and with the database away nobody is let in", async () => {
      await give("eva", "user");
      const { key } = await keyFor("eva");
      await me(first, key);
      await services.redis.client.flushdb();
      expect((await me(first, key)).status).toBe(200);
      await services.db.query("alter table principals rename to principals_away", []);
      try {
        await services.redis.client.flushdb();
        expect((await me(second, key)).status).toBe(500);
        expect((await call(second, "GET", "security/roles", undefined, admin)).status).toBe(500);
      } finally {
        await services.db.query("alter table principals_away rename to principals", []);
      }
    });

    it("a revoked key and a changed role hold at once where Redis hears of it, and after the time to live elsewhere", async () => {
      await give("bob", "auditor");
      const { id, key } = await keyFor("bob");
      expect((await me(second, key)).body.role).toBe("auditor");
      await give("bob", "user");
      expect((await me(second, key)).body.role).toBe("user");
      expect((await call(second, "GET", "security/audit", undefined, { "x-api-key": key })).status).toBe(403);
      expect((await call(alone, "DELETE", `security/keys/${id}`, undefined, admin)).status).toBe(204);
      const revokedMs = performance.now();
      for (;;) {
        const askedMs = performance.now();
        if ((await me(second, key)).status === 401) break;
        expect(askedMs - revokedMs).toBeLessThan(1000);
      }
      expect((await me(alone, key)).status).toBe(401);
      expect((await call(first, "DELETE", `security/keys/${randomUUID()}`, undefined, admin)).status).toBe(404);
    });

    it("refuses who has no key, a wrong key, or too small a role", async () => {
      await give("tom", "user");
      const { key } = await keyFor("tom");
      for (const path of ["security/me", "security/roles", "security/audit"]) {
        expect((await call(first, "GET", path)).status).toBe(401);
        expect((await call(first, "GET", path, undefined, { authorization: "Basic eA==" })).status).toBe(401);
        expect((await call(first, "GET", path, undefined, { "x-api-key": "x".repeat(5000) })).status).toBe(401);
      }
      const mine = { "x-api-key": key };
      expect((await call(first, "GET", "security/roles", undefined, mine)).status).toBe(403);
      expect((await call(first, "PUT", "security/roles/tom", { role: "admin" }, mine)).status).toBe(403);
      expect((await call(first, "POST", "security/keys", { principal: "tom" }, mine)).status).toBe(403);
      expect((await call(first, "POST", "security/keys", { principal: "nobody" }, admin)).status).toBe(422);
    });

    it("keeps an entry of every change, in an order that readers can follow without missing any", async () => {
      const changes = 12;
      const seen: number[] = [];
      const names: string[] = [];
      let after = 0;
      const readOn = async (): Promise<void> => {
        const { body } = await call(second, "GET", `security/audit?after=${after}`, undefined, admin);
        for (const { number, subject } of body.entries) {
          seen.push(number);
          names.push(subject);
        }
        after = seen.at(-1) ?? 0;
      };
      const changing = Promise.all(Array.from({ length: changes }, (_, i) => give(`many-${i}`, "user")));
      let going = true;
      void changing.finally(() => {
        going = false;
      });
      while (going) await readOn();
      await changing;
      const mine = (): string[] => names.filter((name) => name.startsWith("many-"));
      await eventually(
        () => readOn(),
        () => mine().length >= changes,
        15_000,
      );
      expect(mine().sort()).toEqual(Array.from({ length: changes }, (_, i) => `many-${i}`).sort());
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
      const { body } = await call(first, "GET", "security/roles?after=many-", undefined, admin);
      expect(body.principals[0]).toEqual({ name: "many-0", role: "user" });
    });
  });
});
