import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { openDatabase } from "./postgres.ts";
import { Unavailable } from "./transient.ts";

/** A way to Postgres that can be cut and mended: refused while cut, or connected and silent. */
async function openWay(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server: Server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {}).on("close", () => sockets.delete(client));
    if (isSilent) return;
    const upstream = connect(Number(port), hostname).on("error", () => client.destroy());
    sockets.add(upstream);
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  await listen(0);
  const address = server.address();
  const ownPort = typeof address === "object" && address ? address.port : 0;
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${ownPort}` }).href,
    cut: close,
    mend: () => listen(ownPort),
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.asyncDispose]: close,
  };
}

describe.skipIf(noServices)("LG-11 a database that stays away (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const timed = async (work: () => Promise<unknown>) => {
    const startedMs = performance.now();
    const answer = await work().catch((error) => error);
    return { answer, ms: performance.now() - startedMs };
  };

  it("is waited for within the budget, then refused at once, and used again when it is back", async () => {
    await using way = await openWay(services.databaseUrl);
    await using db = openDatabase({ url: way.url, instanceId: "cut", poolSize: 3, outageBudgetMs: 1500, log: quiet });
    const ask = () => timed(() => db.query("select 1 as n", []));
    expect((await ask()).answer).toEqual([{ n: 1 }]);
    await way.cut();
    const first = await ask();
    expect(first.answer).toBeInstanceOf(Unavailable);
    expect(first.ms).toBeGreaterThan(1300);
    await eventually(
      async () => db.gauges().breakerOpen,
      (open) => open,
    );
    const later = await Promise.all(Array.from({ length: 50 }, ask));
    expect(later.every(({ answer }) => answer instanceof Unavailable)).toBe(true);
    expect(Math.max(...later.map(({ ms }) => ms))).toBeLessThan(500);
    expect((await timed(() => db.once("select 1", []))).ms).toBeLessThan(500);
    expect(db.answeredWithin(60_000)).toBe(false);
    await way.mend();
    await eventually(
      async () => (await ask()).answer,
      (answer) => Array.isArray(answer),
    );
    expect(db.gauges().breakerOpen).toBe(false);
  });

  it("LG-10: an outage shorter than the budget is absorbed, however many wait it out", async () => {
    await using way = await openWay(services.databaseUrl);
    await using db = openDatabase({ url: way.url, instanceId: "short", poolSize: 3, outageBudgetMs: 15_000, log: quiet });
    await db.query("select 1", []);
    await way.cut();
    const waiting = Promise.all(Array.from({ length: 200 }, (_, n) => db.query("select $1::int as n", [n])));
    await eventually(
      () => db.once("select 1", []).catch((error) => error),
      (answer) => answer instanceof Error,
    );
    await way.mend();
    expect(await waiting).toEqual(Array.from({ length: 200 }, (_, n) => [{ n }]));
  });

  it("is found out too when connections stay open and nothing is answered", async () => {
    await using way = await openWay(services.databaseUrl);
    await using db = openDatabase({ url: way.url, instanceId: "silent", poolSize: 3, outageBudgetMs: 1500, log: quiet });
    await db.query("select 1", []);
    way.silence();
    const first = await timed(() => db.query("select 1", []));
    expect(first.answer).toBeInstanceOf(Unavailable);
    await eventually(
      async () => db.gauges().breakerOpen,
      (open) => open,
    );
    expect((await timed(() => db.query("select 1", []))).ms).toBeLessThan(500);
  });
});
