import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startUpstream, type Upstream } from "../testing/http.ts";
import { noNginx, startNginx } from "../testing/nginx.ts";

describe.skipIf(noNginx)("the response cache (HA-17; needs TEST_NGINX)", () => {
  let upstream: Upstream;
  let upstreams: string[];
  let version = 0;
  beforeAll(async () => {
    // Says to whom it answers, and what the state is.
    upstream = await startUpstream("api-1", {
      answer: (incoming, response) => {
        const { authorization, cookie, "x-api-key": key } = incoming.headers;
        response.end(JSON.stringify({ for: [authorization, key, cookie], version }));
      },
    });
    upstreams = [upstream.address];
  });
  afterAll(() => upstream?.[Symbol.asyncDispose]());

  const path = "/api/v1/agents/a1/cached";
  const users: readonly Readonly<Record<string, string>>[] = [
    {},
    { authorization: "Bearer a" },
    { authorization: "Bearer b" },
    { "x-api-key": "a" },
    { "x-api-key": "b" },
    { cookie: "session=a" },
    { cookie: "session=b" },
    { authorization: "Bearer a", cookie: "session=a" },
  ];
  const answers = async (port: number): Promise<unknown[]> => {
    const got: unknown[] = [];
    for (const headers of users) got.push((JSON.parse((await ask(port, path, { headers })).body) as { for: unknown }).for);
    return got;
  };
  const own = users.map((user) => [user.authorization ?? null, user["x-api-key"] ?? null, user.cookie ?? null]);

  it("answers frequent reads without the instances, and each user with what is theirs", async () => {
    await using nginx = await startNginx({ upstreams, cacheS: 60 });
    const before = upstream.received.length;
    expect(await answers(nginx.port)).toEqual(own);
    expect(await answers(nginx.port)).toEqual(own);
    expect(upstream.received.length - before).toBe(users.length);
    expect((await ask(nginx.port, path)).headers["x-cache"]).toBe("HIT");
  });

  it("would be seen to mix users up", async () => {
    const careless = (text: string): string => text.replace(/\\n\$http_authorization.*?"/, '"');
    await using nginx = await startNginx({ upstreams, cacheS: 60 }, careless);
    expect(await answers(nginx.port)).not.toEqual(own);
  });

  it("serves nothing older than its time, not even while the instances are away", async () => {
    await using nginx = await startNginx({ upstreams, cacheS: 1 });
    const read = async (): Promise<{ status: number; version: number; cache: unknown }> => {
      const { status, body, headers } = await ask(nginx.port, path);
      return { status, version: status === 200 ? (JSON.parse(body) as { version: number }).version : -1, cache: headers["x-cache"] };
    };
    const first = await read();
    version++;
    const writtenMs = performance.now();
    let staleMs = 0;
    for (let now = first; now.version === first.version; now = await read()) staleMs = performance.now() - writtenMs;
    // Both ends of nginx's whole seconds, and this test's own pauses.
    expect(staleMs).toBeLessThan(10_000);
    await upstream.stop();
    try {
      let now = await read();
      for (const untilMs = performance.now() + 10_000; now.status === 200 && performance.now() < untilMs; ) now = await read();
      expect(now.status).toBe(502);
    } finally {
      await upstream.start();
    }
  });

  it.each([
    ["POST", path],
    ["GET", "/api/v1/agents/a1/events"],
    ["GET", "/api/v1/runs/r1"],
  ])("never answers %s %s itself", async (method, other) => {
    await using nginx = await startNginx({ upstreams, cacheS: 60 });
    const before = upstream.received.length;
    for (let i = 0; i < 3; i++) expect((await ask(nginx.port, other, { method })).headers["x-cache"]).toBeUndefined();
    expect(upstream.received.length - before).toBe(3);
  });
});
