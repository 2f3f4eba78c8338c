import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { isAllowed, readDelivery } from "./webhook.ts";

const fail = (error: unknown): never => {
  throw error;
};

interface Received {
  readonly key: string;
  readonly attempt: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of each message
  readonly body: any;
}

describe("allowed hosts", () => {
  const hosts = ["127.0.0.1", "[::1]", "hooks.example:8443"];
  it.each([
    ["http://127.0.0.1:8080/x", true],
    ["https://[::1]/", true],
    ["https://hooks.example:8443/", true],
    ["https://hooks.example/", false],
    ["http://127.0.0.1.evil.example/", false],
    ["http://127.0.0.1@evil.example/", false],
    ["http://user:secret@127.0.0.1/", false],
    ["http://2130706433/", true],
    ["file:///etc/passwd", false],
    ["nothing", false],
  ])("%s: %s", (url, allowed) => expect(isAllowed(url, hosts)).toBe(allowed));
});

describe.skipIf(noServices)("webhooks (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let receiver: Server;
  let url: string;
  let instances: Instance[];
  const received: Received[] = [];
  /** What the receiver answers to the n-th message of the path. */
  const answers = new Map<string, number[]>();

  beforeAll(async () => {
    services = await startServices();
    receiver = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        const { headers } = request;
        received.push({ key: String(headers["idempotency-key"]), attempt: String(headers["x-delivery-attempt"]), body: JSON.parse(text) });
        const status = answers.get(request.url ?? "")?.shift() ?? 200;
        response.writeHead(status, status === 302 ? { Location: "http://127.0.0.1:9/" } : {}).end();
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => receiver.once("listening", resolve));
    const address = receiver.address();
    url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    const start = (role: "api" | "queue") => startInstance(testConfig(services, role), quiet, fail);
    instances = await Promise.all([start("api"), start("queue"), start("queue")]);
    await eventually(
      async () => (await fetch(`http://127.0.0.1:${instances[0]?.port}/api/v1/monitoring/ready`)).status,
      (status) => status === 200,
    );
  });
  afterAll(async () => {
    await Promise.all((instances ?? []).map((instance) => instance.stop()));
    receiver?.close();
    await services?.[Symbol.asyncDispose]();
  });
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${instances[0]?.port}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as { id: string } };
  };
  const create = async (webhook: string, input: object = { steps: 1, step_ms: 0 }) => (await post("/api/v1/runs", { input, webhook })).body.id;
  const delivery = (id: string, status: string) =>
    eventually(
      () => readDelivery(services.db, id),
      (now) => now?.status === status,
      15_000,
    );
  const of = (id: string): Received[] => received.filter(({ key }) => key === id);

  it("tells the receiver of success, error and cancellation, each once when it answers 2xx (LG-5)", async () => {
    const good = await create(`${url}/good`);
    const bad = await create(`${url}/bad`, { steps: 1, step_ms: 0, fail_with: { step: 1, message: "no" } });
    const long = await create(`${url}/long`, { steps: 1, step_ms: 30_000 });
    expect((await post(`/api/v1/runs/${long}/cancel`, {})).status).toBe(200);
    for (const id of [good, bad, long]) expect(await delivery(id, "delivered")).toMatchObject({ attempts: 1 });
    expect(of(good)).toMatchObject([{ attempt: "1", body: { run_id: good, status: "success", result: { steps: 1 }, error: null } }]);
    expect(of(bad)).toMatchObject([{ body: { status: "error", error: "no" } }]);
    expect(of(long)).toMatchObject([{ body: { status: "cancelled" } }]);
  });

  it("sends again, with the same key, until the receiver takes it, and follows no redirect", async () => {
    answers.set("/later", [500, 302]);
    const id = await create(`${url}/later`);
    expect(await delivery(id, "delivered")).toMatchObject({ attempts: 3, last_error: null });
    expect(of(id).map(({ attempt }) => attempt)).toEqual(["1", "2", "3"]);
  });

  it("takes over what a dead sender was sending when its lease is over, and nothing before", async () => {
    const sent = async (availableIn: string): Promise<string> => {
      const [id = ""] = [randomUUID()];
      await services.db.query(
        `with run as (insert into runs (id, idempotency_key, request_hash, input, status) values ($1, $1::uuid::text, '', '{}', 'success'))
         insert into webhook_deliveries (run_id, url, attempts, available_at) values ($1, $2, 1, clock_timestamp() + $3::interval)`,
        [id, `${url}/dead`, availableIn],
      );
      return id;
    };
    const held = await sent("1 hour");
    const over = await sent("-1 second");
    expect(await delivery(over, "delivered")).toMatchObject({ attempts: 2 });
    expect(of(held)).toEqual([]);
  });

  it("gives up after its last attempt and says why", async () => {
    const id = await create("http://127.0.0.1:9/");
    await eventually(
      () => readDelivery(services.db, id),
      (now) => now?.last_error !== null && now?.last_error !== undefined,
    );
    await services.db.query("update webhook_deliveries set attempts = 13, available_at = now() where run_id = $1", [id]);
    expect(await delivery(id, "failed")).toMatchObject({ attempts: 14, last_error: expect.stringMatching(/\w/) });
    const shown = await fetch(`http://127.0.0.1:${instances[0]?.port}/api/v1/runs/${id}/webhook`);
    expect(await shown.json()).toMatchObject({ status: "failed", attempts: 14 });
  });

  it("refuses hosts that the configuration does not name, and does not call them if it once did", async () => {
    expect((await post("/api/v1/runs", { input: { steps: 1, step_ms: 0 }, webhook: "http://192.0.2.1/" })).status).toBe(422);
    expect((await post("/api/v1/runs", { input: { steps: 1, step_ms: 0 }, webhook: "gopher://127.0.0.1/" })).status).toBe(400);
    const id = await create(`${url}/x`, { steps: 1, step_ms: 500 });
    await services.db.query("update runs set webhook = 'http://192.0.2.1/' where id = $1", [id]);
    expect(await delivery(id, "failed")).toMatchObject({ attempts: 1, last_error: expect.stringContaining("WEBHOOK_HOSTS") });
  });
});
