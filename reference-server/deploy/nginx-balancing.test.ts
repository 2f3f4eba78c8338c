import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, freePort, startUpstream, type Upstream } from "../testing/http.ts";
import { type Nginx, noNginx, startNginx } from "../testing/nginx.ts";
import { eventually } from "../testing/services.ts";

const workers = 2;

describe.skipIf(noNginx)("who gets a request (needs TEST_NGINX)", () => {
  let upstreams: Upstream[];
  let addresses: string[];
  /** Requests to /slow wait here until the test lets them go. */
  let held: (() => void)[] = [];
  beforeAll(async () => {
    upstreams = await Promise.all(
      ["api-1", "api-2", "api-3"].map((name) =>
        startUpstream(name, {
          answer: (incoming, response) => {
            const end = (): void => void response.end(name);
            if (incoming.url === "/slow") held.push(end);
            else end();
          },
        }),
      ),
    );
    addresses = upstreams.map(({ address }) => address);
  });
  afterAll(async () => {
    for (const upstream of upstreams ?? []) await upstream[Symbol.asyncDispose]();
  });

  const names = async (nginx: Nginx, count: number, from?: string): Promise<string[]> => {
    const got: string[] = [];
    for (let i = 0; i < count; i++) got.push((await ask(nginx.port, "/", from === undefined ? {} : { from })).body);
    return got;
  };
  const counts = (got: readonly string[]): number[] => upstreams.map(({ name }) => got.filter((one) => one === name).length);

  it("round robin gives each the same, but for one per worker (HA-6, LG-13)", async () => {
    await using nginx = await startNginx({ upstreams: addresses, balancing: "round_robin" });
    const each = counts(await names(nginx, 31));
    expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(workers);
  });

  it("random spreads evenly: chi-square below its value at 1e-4 (HA-6)", async () => {
    await using nginx = await startNginx({ upstreams: addresses, balancing: "random" });
    const total = 150;
    const each = counts(await names(nginx, total));
    const expected = total / each.length;
    // 18.42 is the 1 - 1e-4 quantile for two degrees of freedom: -2 ln 1e-4.
    expect(each.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(-2 * Math.log(1e-4));
  });

  it("least connections avoids who is busy (HA-6, AB-1)", async () => {
    held = [];
    await using nginx = await startNginx({ upstreams: addresses });
    const before = upstreams.map(({ received }) => received.length);
    const slow = [ask(nginx.port, "/slow"), ask(nginx.port, "/slow")];
    while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const busy = upstreams.filter(({ received }, i) => received.length > (before[i] ?? 0)).map(({ name }) => name);
    const got: string[] = [];
    while (got.length < 12) {
      got.push(...(await names(nginx, 1)));
      // The answer can be here before its worker counts the instance as free: it writes the line of the log after that.
      await eventually(nginx.accessLog, ({ length }) => length === got.length, 10_000);
    }
    for (const end of held) end();
    await Promise.all(slow);
    expect(busy).toHaveLength(2);
    expect(got.filter((name) => busy.includes(name))).toEqual([]);
  });

  it("ip_hash keeps a client at its instance; when that dies its clients move, and nobody else does (HS-4)", async () => {
    await using nginx = await startNginx({ upstreams: addresses, balancing: "ip_hash" });
    // The first three octets count.
    const clients = Array.from({ length: 10 }, (_, i) => `127.${i + 1}.0.1`);
    const homes = new Map<string, string>();
    for (const client of clients) {
      const got = new Set(await names(nginx, 3, client));
      expect([client, got.size]).toEqual([client, 1]);
      homes.set(client, [...got].join());
    }
    expect(new Set(homes.values()).size).toBeGreaterThan(1);
    const dead = upstreams.find(({ name }) => name === homes.get("127.1.0.1"));
    await dead?.stop();
    try {
      for (const client of clients) {
        const [now] = await names(nginx, 1, client);
        if (homes.get(client) === dead?.name) expect(now).not.toBe(dead?.name);
        else expect(now).toBe(homes.get(client));
      }
    } finally {
      await dead?.start();
    }
  });

  it("leaves an instance alone after three failures, tries it once when its time is over, and takes it back (AB-2, HA-7)", async () => {
    const port = await freePort();
    const address = `127.0.9.2:${port}`;
    const failTimeoutS = 2;
    await using nginx = await startNginx({ upstreams: [...addresses.slice(0, 1), address], balancing: "round_robin", failTimeoutS });
    const tries = async (): Promise<number[]> => (await nginx.accessLog()).filter(({ tried }) => tried.includes(address)).map(({ atMs }) => atMs);
    // Reads, so that the other instance answers each of them.
    const askAll = async (count: number): Promise<void> => {
      for (const answered of await names(nginx, count)) expect(answered).toBe("api-1");
    };
    while ((await tries()).length < 3) await askAll(1);
    const ejectedMs = (await tries())[2] ?? 0;
    let asked = 0;
    while ((await tries()).length === 3) {
      await askAll(5);
      asked += 5;
    }
    const retriedMs = (await tries())[3] ?? 0;
    // nginx counts whole seconds.
    expect(retriedMs - ejectedMs).toBeGreaterThanOrEqual((failTimeoutS - 1) * 1000);
    expect(asked).toBeGreaterThanOrEqual(10);
    await askAll(5);
    expect((await tries()).filter((atMs) => atMs < retriedMs + (failTimeoutS - 1) * 1000)).toHaveLength(4);
    await using back = await startUpstream("back", { address });
    while (!(await names(nginx, 2)).includes("back"));
    expect((await names(nginx, 6)).filter((name) => name === "back")).toHaveLength(3);
    expect(back.received.length).toBeGreaterThan(0);
  });
});
