import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { ask, freePort } from "../testing/http.ts";
import { noNginx, startNginx } from "../testing/nginx.ts";
import { startProcess } from "../testing/process.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};
const input = { steps: 1, step_ms: 0 };

interface Sent {
  readonly key: string | undefined;
  /** 0: the connection ended without an answer. */
  readonly status: number;
  readonly instance: string;
}

describe.skipIf(noNginx || noServices)("real instances behind the balancer (needs TEST_NGINX, TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let stays: Instance;
  beforeAll(async () => {
    services = await startServices();
    stays = await startInstance(testConfig(services, "api", { instanceId: "api-1" }), quiet, fail);
    await stays.serving;
  });
  afterAll(async () => {
    await stays?.stop();
    await services?.[Symbol.asyncDispose]();
  });

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "HA-2, AB-9: an instance ends by %s under load: what may be sent again is answered, the rest is done once or not at all, and it is used again when it is back",
    async (signal) => {
      const config = testConfig(services, "api", { instanceId: "api-2", port: await freePort() });
      const upstreams = [stays.port, config.port].map((port) => `127.0.0.1:${port}`);
      await using nginx = await startNginx({ upstreams, balancing: "round_robin", failTimeoutS: 1 });
      const sent: Sent[] = [];
      let stopped = false;
      /** Keyed creates may be sent again by the balancer, the others never. */
      const client = async (keyed: boolean): Promise<void> => {
        while (!stopped) {
          const key = keyed ? randomUUID() : undefined;
          const headers = { "content-type": "application/json", ...(key ? { "idempotency-key": key } : {}) };
          const answer = await ask(nginx.port, "/api/v1/runs", { method: "POST", headers, body: JSON.stringify({ input }) }).catch(() => undefined);
          sent.push({ key, status: answer?.status ?? 0, instance: String(answer?.headers["x-instance-id"]) });
        }
      };
      const answeredBy = (name: string, from = 0) =>
        eventually(
          async () => sent.slice(from).filter(({ instance }) => instance === name).length,
          (count) => count >= 20,
        );
      const victim = await startProcess(config);
      const clients = [true, true, false].map(client);
      try {
        await answeredBy("api-2");
        victim.child.kill(signal);
        await victim.exited;
        await answeredBy("api-1", sent.length);
        await using again = await startProcess(config);
        await answeredBy("api-2", sent.length);
        stopped = true;
        await Promise.all(clients);
        expect(again.port).toBe(config.port);
      } finally {
        stopped = true;
        await victim[Symbol.asyncDispose]();
      }
      const keyed = sent.filter(({ key }) => key !== undefined);
      // 201 is "made", 200 is "had been made": the balancer had sent it before.
      expect(keyed.filter(({ status }) => status !== 201 && status !== 200)).toEqual([]);
      // Creates without a key are not tried elsewhere: some were told that nobody listens, at most one was on its way when its instance died.
      const failed = sent.filter(({ status }) => status !== 201 && status !== 200);
      expect(failed.filter(({ status }) => status !== 502)).toEqual([]);
      const runs = await services.db.query<{ idempotency_key: string }>("select idempotency_key from runs", []);
      const plain = runs.filter(({ idempotency_key }) => idempotency_key.startsWith("none:")).length;
      const accepted = sent.length - keyed.length - failed.length;
      expect(plain).toBeGreaterThanOrEqual(accepted);
      expect(plain).toBeLessThanOrEqual(accepted + (signal === "SIGKILL" ? 1 : 0));
      expect(runs.length - plain).toBe(keyed.length);
      await services.db.query("delete from runs", []);
    },
    120_000,
  );
});
