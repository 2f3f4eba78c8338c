import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../config.ts";
import { type Instance, startInstance } from "../instance.ts";
import { environmentOf, startProcess } from "../testing/process.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("workers of an instance (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let queue: Instance;
  let config: Config;
  beforeAll(async () => {
    services = await startServices();
    config = testConfig(services, "queue", { runsPerInstance: 50 });
    queue = await startInstance(config, quiet, fail);
    await queue.serving;
  });
  afterAll(async () => {
    await queue?.stop();
    await services?.[Symbol.asyncDispose]();
  });

  const api = (): Config => testConfig(services, "api", { poolSize: 3 });

  /** One request over the agent's kept-alive connections, sent once: a broken connection is a failure. */
  const ask = async (agent: Agent, port: number, ms: number, accept = "application/json"): Promise<{ status: number; text: string }> => {
    const sent = request({
      agent,
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/api/v1/query",
      headers: { "content-type": "application/json", accept },
    });
    sent.end(JSON.stringify({ query: "q", agent_type: "a", model: { ms } }));
    const [response] = await once(sent, "response");
    let text = "";
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, text };
  };

  it("are replaced after their share of requests without dropping one, on kept-alive connections and in streams (AB-12)", async () => {
    await using instance = await startProcess(api(), { WORKERS: "2", MAX_REQUESTS: "25", MAX_REQUESTS_JITTER: "10" });
    const { port, log, child } = instance;
    using agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 6 }), { [Symbol.dispose]: () => agent.destroy() });
    const replaced = () => log().filter((line) => line.msg === "worker serves" && line.replaces !== undefined).length;
    const failures: string[] = [];
    // Requests that nobody sends again and that need no database: what is counted is who gets no answer at all.
    const client = async (): Promise<void> => {
      while (replaced() < 3) {
        const { status, text } = await ask(agent, port, -1).catch((error: Error) => ({ status: 0, text: error.message }));
        if (status !== 400) failures.push(`${status} ${text}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const stream = ask(new Agent(), port, 1500, "text/event-stream");
    await Promise.all(Array.from({ length: 6 }, client));
    expect(failures).toEqual([]);
    expect(replaced()).toBeGreaterThanOrEqual(3);
    expect((await stream).text).toMatch(/event: end/);
    // Whoever was replaced has gone: the connections it had ended with their next answers.
    const gone = () => log().filter((line) => line.msg === "stopped").length;
    agent.destroy();
    await eventually(
      async () => gone(),
      (count) => count >= 3,
      60_000,
    );
    child.kill("SIGTERM");
    expect(await instance.exited).toEqual([0, null]);
  }, 240_000);

  it("are begun again when they die, and end with the process that looks after them", async () => {
    await using instance = await startProcess(api(), { WORKERS: "2" });
    const { port, log, child } = instance;
    const serving = () => log().filter((line) => line.msg === "worker serves");
    const both = await eventually(
      async () => serving(),
      ({ length }) => length === 2,
      90_000,
    );
    process.kill(Number(both[0]?.worker), "SIGKILL");
    await eventually(
      async () => serving(),
      ({ length }) => length === 3,
      90_000,
    );
    expect((await ask(new Agent(), port, 0)).status).toBe(200);
    child.kill("SIGKILL");
    await instance.exited;
    for (const { worker } of serving()) {
      await eventually(
        async () => {
          try {
            return process.kill(Number(worker), 0);
          } catch {
            return false;
          }
        },
        (lives) => !lives,
        60_000,
      );
    }
    await expect(ask(new Agent(), port, 0)).rejects.toThrow();
  }, 240_000);

  it("are not for instances that take runs", async () => {
    const child = spawn(process.execPath, [main], { env: { ...environmentOf(config), WORKERS: "2" }, stdio: "ignore" });
    expect(await once(child, "exit")).toEqual([78, null]);
  }, 240_000);
});
