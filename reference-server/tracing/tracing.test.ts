import { once } from "node:events";
import { createServer } from "node:http";
import type { Logger } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { openLog } from "../log.ts";
import { eventually, noServices, type Services, startServices, testConfig } from "../testing/services.ts";

interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}

const fail = (error: unknown): never => {
  throw error;
};
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const clientSpan = "00f067aa0ba902b7";

/** Reads what a collector gets, as far as these tests look. */
function spansOf(body: string): ExportedSpan[] {
  interface Exported {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue: string } }[] };
      scopeSpans: { spans: Omit<ExportedSpan, "service">[] }[];
    }[];
  }
  return (JSON.parse(body) as Exported).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
}

describe.skipIf(noServices)("HS-16 one trace over instances (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  const spans: ExportedSpan[] = [];
  const lines: string[] = [];
  const collector = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    spans.push(...spansOf(body));
    response.setHeader("content-type", "application/json").end("{}");
  });
  const logOf = (config: Parameters<typeof openLog>[0]): Logger => openLog(config, { write: (line: string) => lines.push(line) });
  const start = (role: "api" | "queue", tracesUrl: string): Promise<Instance> => {
    const config = testConfig(services, role, { tracesUrl, heartbeatTimeoutMs: 10_000, retryLimit: 0 });
    return startInstance(config, logOf(config), fail);
  };
  beforeAll(async () => {
    services = await startServices();
    collector.listen(0, "127.0.0.1");
    await once(collector, "listening");
  });
  afterAll(async () => {
    collector.close();
    await services?.[Symbol.asyncDispose]();
  });
  const collectorUrl = (): string => {
    const address = collector.address();
    return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/v1/traces`;
  };
  const runOnce = async (api: Instance, headers: Record<string, string>): Promise<string> => {
    const at = `http://127.0.0.1:${api.port}`;
    await eventually(
      () => fetch(`${at}/api/v1/monitoring/ready`),
      ({ status }) => status === 200,
    );
    const body = JSON.stringify({ input: { steps: 1, step_ms: 0 } });
    const created = await fetch(`${at}/api/v1/runs`, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
    const { id } = (await created.json()) as { id: string };
    expect((await (await fetch(`${at}/api/v1/runs/${id}/wait`)).json()) as object).toMatchObject({ status: "success" });
    return id;
  };

  it("carries the client's trace through the api instance to the attempt, span under span", async () => {
    const [api, queue] = await Promise.all([start("api", collectorUrl()), start("queue", collectorUrl())]);
    await runOnce(api, { traceparent: `00-${traceId}-${clientSpan}-01` });
    await Promise.all([api.stop(), queue.stop()]);
    const own = spans.filter((span) => span.traceId === traceId);
    const request = own.find(({ name }) => name === "POST /api/v1/runs");
    const attempt = own.find(({ name }) => name === "run attempt");
    expect(request).toMatchObject({ parentSpanId: clientSpan, service: "reference-server api" });
    expect(attempt).toMatchObject({ parentSpanId: request?.spanId, service: "reference-server queue" });
  });

  it("takes the balancer's request id for the trace where there is none, stored with the run", async () => {
    const [api, queue] = await Promise.all([start("api", collectorUrl()), start("queue", collectorUrl())]);
    const requestId = "0af7651916cd43dd8448eb211c80319c";
    const id = await runOnce(api, { "x-request-id": requestId });
    const [run] = await services.db.query("select traceparent from runs where id = $1", [id]);
    expect(run?.traceparent).toMatch(new RegExp(`^00-${requestId}-[0-9a-f]{16}-01$`));
    const refused = await fetch(`http://127.0.0.1:${api.port}/api/v1/runs/none`, { headers: { "x-request-id": requestId } });
    expect(await refused.json()).toMatchObject({ request_id: requestId });
    await Promise.all([api.stop(), queue.stop()]);
    expect(spans.some((span) => span.traceId === requestId && span.name === "run attempt")).toBe(true);
  });

  it("HS-22: a dead collector harms nothing", async () => {
    const [api, queue] = await Promise.all([start("api", "http://127.0.0.1:9/v1/traces"), start("queue", "http://127.0.0.1:9/v1/traces")]);
    await runOnce(api, {});
    await Promise.all([api.stop(), queue.stop()]);
  });

  it("writes one shape of line, with the trace id where a request or an attempt is spoken of", () => {
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        level: expect.stringMatching(/^(debug|info|warn|error|fatal)$/),
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        instance: expect.any(String),
        role: expect.stringMatching(/^(api|queue)$/),
        msg: expect.any(String),
      });
      if (/attempt (stopped|abandoned)|request failed/.test(line)) expect(line).toMatch(/"trace_id":"[0-9a-f]{32}"/);
    }
  });
});

describe("the log", () => {
  it("HS-11: replaces a secret that comes in through any door", () => {
    const lines: string[] = [];
    const urls = {
      ...{ databaseUrl: "postgres://u:canary%2Fone@db/x", redisUrl: "redis://:canary-two@cache", replicaUrl: "postgres://u:canary-three@near/x" },
      ...{ tracesUrl: "http://u:canary-four@traces/", failoverWebhookUrl: "https://u:canary-five@people/" },
    };
    const log = openLog({ instanceId: "api-1", role: "api", ...urls } as Parameters<typeof openLog>[0], {
      write: (line: string) => lines.push(line),
    });
    log.error({ err: Object.assign(new Error("no way to postgres://u:canary%2Fone@db/x"), { command: { args: ["canary-two"] } }) }, "failed");
    log.info({ nested: { text: "canary/one and canary-two" } }, "canary-two");
    log.info({ urls }, "whoever is told of them");
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toMatch(/canary/);
    expect(lines[1]).toContain("[secret]");
  });
});
