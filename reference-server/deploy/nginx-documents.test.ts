import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { ask } from "../testing/http.ts";
import { type Nginx, noNginx, startNginx } from "../testing/nginx.ts";
import { noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};
/** What the server says that it takes (routes/documents.ts). */
const limit = 8 * 1024 * 1024;

describe.skipIf(noNginx || noServices)("large documents (need TEST_NGINX, TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let instance: Instance;
  let nginx: Nginx;
  beforeAll(async () => {
    services = await startServices();
    instance = await startInstance(testConfig(services, "api", { outageBudgetMs: 15_000 }), quiet, fail);
    await instance.serving;
    nginx = await startNginx({ upstreams: [`127.0.0.1:${instance.port}`] });
  });
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]();
    await instance?.stop();
    await services?.[Symbol.asyncDispose]();
  });

  /** A document of exactly so many bytes. */
  const document = (bytes: number): string => {
    const count = 2000;
    const event = (seq: number, text: string) => ({ seq, kind: "message", data: { role: "user", text } });
    const of = (texts: readonly string[]) =>
      JSON.stringify({
        ...{ format: "agent/1", id: "largest", version: count, blocks: {}, state: {}, archive: [] },
        events: texts.map((text, i) => event(i + 1, text)),
      });
    const empty = of(Array.from({ length: count }, () => "")).length;
    const each = Math.floor((bytes - empty) / count);
    const rest = bytes - empty - each * count;
    return of(Array.from({ length: count }, (_, i) => "x".repeat(each + (i === 0 ? rest : 0))));
  };
  const put = (port: number, id: string, body: string) =>
    ask(port, `/api/v1/agents/${id}/document`, { method: "PUT", headers: { "content-type": "application/json" }, body });

  it("HA-9: one as large as the server takes passes the balancer, there and back; a larger one and any other large body do not", async () => {
    const largest = document(limit);
    expect(Buffer.byteLength(largest)).toBe(limit);
    expect((await put(nginx.port, "largest", largest)).status).toBe(201);
    const back = await ask(nginx.port, "/api/v1/agents/largest/document");
    expect(back.status).toBe(200);
    const { id, events } = JSON.parse(back.body) as { id: string; events: unknown[] };
    expect([id, events.length]).toEqual(["largest", 2000]);
    expect(events).toEqual((JSON.parse(largest) as { events: unknown[] }).events);
    // One byte more is refused by the server itself and, before it, by the balancer.
    const larger = `${largest} `;
    for (const { port } of [instance, nginx]) expect((await put(port, "larger", larger)).status).toBe(413);
    const body = JSON.stringify({ message: "x".repeat(200 * 1024), think_ms: 0 });
    const turn = await ask(nginx.port, "/api/v1/agents/largest/turns", { method: "POST", headers: { "content-type": "application/json" }, body });
    expect(turn.status).toBe(413);
  }, 60_000);

  it("more of them at once than an instance holds wait for their turn or are told to come later, and none is lost", async () => {
    const body = document(2 * 1024 * 1024);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => put(instance.port, `many-${i}`, body).catch(() => undefined)));
    const made = answers.flatMap((answer, i) => (answer?.status === 201 ? [`many-${i}`] : []));
    const refused = answers.filter((answer) => answer?.status === 503);
    expect(made.length).toBeGreaterThanOrEqual(4);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expect(answer?.headers["retry-after"]).toBe("1");
    const kept = await services.db.query<{ id: string }>("select id from agents where id like 'many-%' and version = 2000", []);
    // Whoever was refused while still sending may not have read the answer; nobody's document was taken without one.
    expect(kept.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    expect((await put(instance.port, "many-later", body)).status).toBe(201);
  }, 120_000);
});
