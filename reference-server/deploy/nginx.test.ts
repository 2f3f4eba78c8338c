import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startUpstream, type Upstream } from "../testing/http.ts";
import { type Nginx, noNginx, startNginx } from "../testing/nginx.ts";
import { renderBalancer } from "./nginx.ts";

describe("the rendered configuration", () => {
  const plain = { listen: "127.0.0.1:80", upstreams: ["127.0.0.1:1"], directory: "/d" };
  const template = readFile(new URL("nginx.conf.template", import.meta.url), "utf8");

  it("has limits, allow-lists, TLS, a cache and a resolver only when asked for, and balances by least connections", async () => {
    const text = renderBalancer(await template, plain);
    expect(text).not.toMatch(/limit_req|allow |deny |ssl|proxy_cache|resolver|add_header|\{\{/);
    expect(text).toContain("least_conn;\n        server 127.0.0.1:1 max_fails=3 fail_timeout=30s;\n");
  });

  it("waits as long as an answer may take: 300 s (AB-23)", async () => {
    expect(renderBalancer(await template, plain)).toContain("proxy_read_timeout 300s;\n        proxy_send_timeout 300s;");
  });

  it("refuses a template that names what it does not know", () => {
    expect(() => renderBalancer("listen {{port}};", plain)).toThrow("{{port}}");
  });
});

/** The first instance to get a path that begins with /break breaks off; whoever gets it next answers. */
const broken = new Set<string>();

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = incoming.url ?? "";
  let body = "";
  for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
  if (url.startsWith("/break") && !broken.has(url)) {
    broken.add(url);
    incoming.socket.destroy();
  } else response.end(body);
}

describe.skipIf(noNginx)("the balancer (needs TEST_NGINX, the path of an nginx)", () => {
  let nginx: Nginx;
  let upstreams: Upstream[];
  beforeAll(async () => {
    upstreams = await Promise.all(["api-1", "api-2"].map((name) => startUpstream(name, { answer })));
    // Nobody is ejected: these tests break more connections than that would allow.
    nginx = await startNginx({ upstreams: upstreams.map(({ address }) => address), maxFails: 0 });
  });
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]();
    for (const upstream of upstreams ?? []) await upstream[Symbol.asyncDispose]();
  });
  const deliveries = (path: string): string[] => upstreams.flatMap(({ received }) => received).filter((line) => line.endsWith(path));

  it.each(["PUT", "PATCH", "DELETE", "POST"])("delivers %s without a key once and says that it failed", async (method) => {
    const path = `/break-${method}`;
    expect((await ask(nginx.port, path, { method, ...(method === "DELETE" ? {} : { body: "x" }) })).status).toBe(502);
    expect(deliveries(path)).toHaveLength(1);
  });

  describe("where the first instance takes no connection", () => {
    /** The statuses of six requests: who refuses has nothing under way, so that it is asked first again and again. */
    const statuses = async (method: string, settings: { readonly oneServes?: boolean } = {}): Promise<ReadonlySet<number>> => {
      await using gone = await startUpstream("gone", { answer });
      const [one] = upstreams as [Upstream, Upstream];
      await using balancer = await startNginx({ upstreams: [gone.address, one.address], maxFails: 0, ...settings });
      await gone.stop();
      const seen = new Set<number>();
      for (let n = 0; n < 6; n++) {
        const path = `/moved/${Object.keys(settings)}/${n}`;
        const { status, body } = await ask(balancer.port, path, { method, ...(method === "DELETE" ? {} : { body: "x" }) });
        seen.add(status);
        expect(one.received.filter((line) => line === `${method} ${path}`)).toHaveLength(status === 200 ? 1 : 0);
        if (status === 200) expect(body).toBe(method === "DELETE" ? "" : "x");
      }
      return seen;
    };

    it.each(["POST", "PATCH"])("gives %s without a key to the next (HA-18)", async (method) =>
      expect(await statuses(method)).toEqual(new Set([200])),
    );

    it.each(["PUT", "DELETE"])("gives %s to the one that serves, where only one does, and to no other one otherwise (HA-18)", async (method) => {
      expect(await statuses(method)).toContain(502);
      expect(await statuses(method, { oneServes: true })).toEqual(new Set([200]));
    });

    it("says that nobody serves", async () => {
      await using gone = await startUpstream("gone", { answer });
      await using balancer = await startNginx({ upstreams: [gone.address], maxFails: 0, oneServes: true });
      await gone.stop();
      expect((await ask(balancer.port, "/nobody", { method: "PUT", body: "x" })).status).toBe(502);
    });
  });

  it("sends a POST with a key to the next instance, with its whole body", async () => {
    const body = "x".repeat(100_000);
    const answered = await ask(nginx.port, "/break-keyed", { method: "POST", body, headers: { "Idempotency-Key": "k" } });
    expect([answered.status, answered.body.length]).toEqual([200, 100_000]);
    expect(deliveries("/break-keyed")).toEqual(["POST /break-keyed", "POST /break-keyed"]);
  });

  it("sends a read to the next instance", async () => {
    expect((await ask(nginx.port, "/break-read")).status).toBe(200);
    expect(deliveries("/break-read")).toHaveLength(2);
  });

  it("refuses a body beyond the server's own limit, and passes it where more is allowed (AB-30)", async () => {
    const body = "x".repeat(129 * 1024);
    expect((await ask(nginx.port, "/large", { method: "POST", body })).status).toBe(413);
    await using wide = await startNginx({ upstreams: upstreams.map(({ address }) => address), bodyLimitKiB: 1024 });
    expect((await ask(wide.port, "/large", { method: "POST", body })).body.length).toBe(body.length);
  });

  it("logs each arrival with the instances that were tried", async () => {
    const [keyed] = (await nginx.accessLog()).filter(({ path }) => path === "/break-keyed");
    expect(keyed).toMatchObject({ method: "POST", status: 200, client: "127.0.0.1" });
    expect([...(keyed?.tried ?? [])].sort()).toEqual(upstreams.map(({ address }) => address).sort());
  });
});
