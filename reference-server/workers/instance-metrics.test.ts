import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask } from "../testing/http.ts";
import { startProcess } from "../testing/process.ts";
import { eventually, noServices, type Services, startServices, testConfig } from "../testing/services.ts";
import { instanceMetrics } from "./instance-metrics.ts";

/** The values of a series by its labels, as text. */
function read(text: string, name: string): Record<string, number> {
  const lines = text.split("\n").filter((line) => line.startsWith(name) && /[ {]/.test(line[name.length] ?? ""));
  return Object.fromEntries(lines.map((line) => [line.slice(name.length, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

describe("metrics of several processes", () => {
  const processWith = (requests: number, memory: number): Registry => {
    const registry = new Registry();
    const registers = [registry];
    new Counter({ name: "requests", help: "h", labelNames: ["status"], registers }).inc({ status: "200" }, requests);
    new Gauge({ name: "memory", help: "h", registers }).set(memory);
    const seconds = new Histogram({ name: "seconds", help: "h", buckets: [1], registers });
    for (let i = 0; i < requests; i++) seconds.observe(0.5);
    return registry;
  };

  it("are one sum of what they count, and apart in what each has", async () => {
    const metrics = instanceMetrics();
    metrics.told(1, "1", await processWith(3, 10).getMetricsAsJSON());
    metrics.told(2, "2", await processWith(4, 20).getMetricsAsJSON());
    const text = await metrics.text();
    expect(read(text, "requests")).toEqual({ '{status="200"}': 7 });
    expect(read(text, "seconds_bucket")).toEqual({ '{le="1"}': 7, '{le="+Inf"}': 7 });
    expect(read(text, "seconds_sum")).toEqual({ "": 3.5 });
    expect(read(text, "memory")).toEqual({ '{worker="1"}': 10, '{worker="2"}': 20 });
  });

  it("keep what those that are gone had counted, once, and nothing else of them", async () => {
    const metrics = instanceMetrics();
    metrics.told(1, "1", await processWith(3, 10).getMetricsAsJSON());
    metrics.told(1, "1", await processWith(5, 11).getMetricsAsJSON());
    metrics.told(2, "1", await processWith(1, 30).getMetricsAsJSON());
    metrics.gone(1);
    metrics.gone(1);
    metrics.gone(9);
    const now = metrics.text();
    metrics.gone(2);
    expect(read(await now, "requests")).toEqual({ '{status="200"}': 6 });
    expect(read(await now, "memory")).toEqual({ '{worker="1"}': 30 });
    expect(read(await metrics.text(), "requests")).toEqual({ '{status="200"}': 6 });
    expect(read(await metrics.text(), "seconds_count")).toEqual({ "": 6 });
    expect(read(await metrics.text(), "memory")).toEqual({});
  });
});

describe.skipIf(noServices)("/metrics of an instance with workers (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const counted = '{method="GET",route="/api/v1/agents/:id",status="404"}';
  const scrape = async (port: number): Promise<string> => {
    const answered = await ask(port, "/metrics");
    expect(answered.status).toBe(200);
    return answered.body;
  };
  const requests = async (port: number): Promise<number> => read(await scrape(port), "http_requests_total")[counted] ?? 0;
  /** Sends requests, each on a connection of its own: the supervisor gives them to its workers in turn. */
  const load = (port: number) => {
    let sent = 0;
    let before = 0;
    return {
      async send(count: number): Promise<void> {
        const answers = await Promise.all(Array.from({ length: count }, () => ask(port, "/api/v1/agents/nobody")));
        expect(answers.filter(({ status }) => status !== 404)).toEqual([]);
        sent += count;
      },
      /** An answer is counted a moment after its last byte; never twice, and never taken back. */
      async compare(): Promise<void> {
        const now = await eventually(
          () => requests(port),
          (seen) => seen >= sent,
        );
        expect([now, now >= before]).toEqual([sent, true]);
        before = now;
      },
      sent: () => sent,
    };
  };

  it("tell what all its workers did, whichever is asked, and nothing is lost when one is replaced (AB-12, AB-17)", async () => {
    const limits = { WORKERS: "2", MAX_REQUESTS: "60", MAX_REQUESTS_JITTER: "20" };
    await using instance = await startProcess(testConfig(services, "api", { poolSize: 3 }), limits);
    const { port, log } = instance;
    const { send, compare, sent } = load(port);
    while (log().filter((line) => line.msg === "stopped").length < 3) {
      await send(10);
      await compare();
    }
    const text = await scrape(port);
    expect(Object.keys(read(text, "process_resident_memory_bytes")).sort()).toEqual(['{worker="1"}', '{worker="2"}', '{worker="supervisor"}']);
    expect(read(text, "http_request_duration_seconds_count")[counted]).toBe(sent());
  }, 240_000);

  it("keep what a worker that was killed had told", async () => {
    await using instance = await startProcess(testConfig(services, "api", { poolSize: 3 }), { WORKERS: "2" });
    const { port, log } = instance;
    const { send, compare } = load(port);
    const served = (count: number) =>
      eventually(
        async () => log().filter((line) => line.msg === "worker serves"),
        ({ length }) => length === count,
        90_000,
      );
    const [first] = await served(2);
    await send(20);
    await compare();
    process.kill(Number(first?.worker), "SIGKILL");
    await served(3);
    await compare();
    await send(20);
    await compare();
  }, 240_000);
});
