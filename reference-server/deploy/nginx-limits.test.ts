import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startUpstream, type Upstream } from "../testing/http.ts";
import { type Arrival, noNginx, startNginx } from "../testing/nginx.ts";

/**
 * What nginx's leaky bucket (rate per second, burst, nodelay) must have decided on these arrivals of one client: "either" within 1 ms of the
 * limit, where rounding decides. Levels are in thousandths of a request, as nginx counts them.
 */
function decisions(
  arrivals: readonly Arrival[],
  limit: { readonly perSecond: number; readonly burst: number },
): readonly ("pass" | "refuse" | "either")[] {
  let level = 0;
  let lastMs: number | undefined;
  return arrivals.map(({ atMs, status }) => {
    const next = lastMs === undefined ? 0 : Math.max(0, level - limit.perSecond * (atMs - lastMs) + 1000);
    const over = next - limit.burst * 1000;
    // What was refused is not counted.
    if (status !== 429) {
      level = next;
      lastMs = atMs;
    }
    return Math.abs(over) <= limit.perSecond ? "either" : over > 0 ? "refuse" : "pass";
  });
}

/** Of those that came in the same millisecond the ones that passed were first: the bucket only fills within it. */
const byArrival = (a: Arrival, b: Arrival): number => a.atMs - b.atMs || a.status - b.status;

describe.skipIf(noNginx)("limits (needs TEST_NGINX)", () => {
  let upstream: Upstream;
  let upstreams: string[];
  beforeAll(async () => {
    upstream = await startUpstream("api-1");
    upstreams = [upstream.address];
  });
  afterAll(() => upstream?.[Symbol.asyncDispose]());

  const rateLimit = { perSecond: 10, burst: 20 };
  const path = "/api/v1/runs";

  it("admits 10 requests a second and bursts of 20, each client for itself (AB-13)", async () => {
    // One worker: each has a clock of its own, read once for all that it handles in one go, and only one of them gives the order of arrivals.
    await using nginx = await startNginx({ upstreams, rateLimit }, (text) => text.replace("worker_processes 2", "worker_processes 1"));
    const burst = Array.from({ length: 50 }, (_, i) => ask(nginx.port, path, { from: "127.1.0.1", method: i % 2 ? "GET" : "POST" }));
    const others = Array.from({ length: 10 }, () => ask(nginx.port, path, { from: "127.2.0.1" }));
    await Promise.all(burst);
    for (let i = 0; i < 20; i++) await ask(nginx.port, path, { from: "127.1.0.1" });
    for (const { status } of await Promise.all(others)) expect(status).toBe(200);

    const all = (await nginx.accessLog()).filter(({ client }) => client === "127.1.0.1").sort(byArrival);
    const expected = decisions(all, rateLimit);
    all.forEach(({ status }, i) => {
      if (expected[i] !== "either") expect([i, status]).toEqual([i, expected[i] === "pass" ? 200 : 429]);
    });
    expect(all.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect(expected.filter((one) => one === "refuse").length).toBeGreaterThan(0);
  });

  it("does not limit what is outside the API", async () => {
    await using nginx = await startNginx({ upstreams, rateLimit });
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(nginx.port, "/metrics")));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it("would be seen to count all clients as one", async () => {
    await using nginx = await startNginx({ upstreams, rateLimit }, (text) => text.replace('"~^/api/" $binary_remote_addr;', '"~^/api/" all;'));
    const greedy = Array.from({ length: 150 }, () => ask(nginx.port, path, { from: "127.1.0.1" }));
    const modest = await Promise.all(Array.from({ length: 15 }, () => ask(nginx.port, path, { from: "127.2.0.1" })));
    await Promise.all(greedy);
    expect(modest.map(({ status }) => status)).toContain(429);
  });

  describe("the allow-list of /api/v1/security/ (AB-14)", () => {
    const securityAllow = ["127.1.0.0/16"];
    const roles = "/api/v1/security/roles";
    const spoofed = { "X-Forwarded-For": "127.1.0.1", "X-Real-IP": "127.1.0.1", Forwarded: "for=127.1.0.1" };

    it.each([
      ["GET", {}],
      ["POST", {}],
      ["POST", { "Idempotency-Key": "k" }],
      ["DELETE", {}],
    ])("lets %s %o pass from an allowed address only, whatever the headers say", async (method, headers) => {
      await using nginx = await startNginx({ upstreams, securityAllow });
      const status = async (of: string, from: string): Promise<number> =>
        (await ask(nginx.port, of, { method, from, headers: { ...headers, ...spoofed } })).status;
      expect(await status(roles, "127.1.0.7")).toBe(200);
      for (const denied of [roles, "//api/v1/./security/roles", "/api/v1/%73ecurity/roles", "/api/v1/security%2Froles"]) {
        expect([denied, await status(denied, "127.2.0.1")]).toEqual([denied, 403]);
      }
      expect(await status("/api/v1/runs", "127.2.0.1")).toBe(200);
    });

    it("would be seen to trust a header", async () => {
      const trusting = (text: string): string =>
        text.replace("location /api/v1/security/ {", "$&\n set_real_ip_from 0.0.0.0/0;\n real_ip_header X-Forwarded-For;");
      await using nginx = await startNginx({ upstreams, securityAllow }, trusting);
      expect((await ask(nginx.port, roles, { from: "127.2.0.1", headers: spoofed })).status).toBe(200);
    });

    it("is open where no list was asked for", async () => {
      await using nginx = await startNginx({ upstreams });
      expect((await ask(nginx.port, roles, { from: "127.2.0.1" })).status).toBe(200);
    });
  });
});
