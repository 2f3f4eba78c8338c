import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answer, ask, startUpstream, type Upstream } from "../testing/http.ts";
import { type Nginx, noNginx, startNginx } from "../testing/nginx.ts";

/** Reads, creations with a key and without, each on a connection of its own, until stopped. Nothing of it may fail. */
function startLoad(port: number): { readonly stop: () => Promise<readonly Answer[]> } {
  let stopped = false;
  const client = async (asking: Parameters<typeof ask>[2]): Promise<Answer[]> => {
    const answers: Answer[] = [];
    while (!stopped) answers.push(await ask(port, "/load", asking));
    return answers;
  };
  const clients = [{}, { method: "POST", body: "{}" }, { method: "POST", body: "{}", headers: { "Idempotency-Key": "k" } }].map(client);
  return {
    async stop() {
      stopped = true;
      return (await Promise.all(clients)).flat();
    },
  };
}

const failures = (answers: readonly Answer[]): readonly Answer[] => answers.filter(({ status }) => status !== 200);
const addresses = (upstreams: readonly Upstream[]): string[] => upstreams.map(({ address }) => address);

describe.skipIf(noNginx)("reload under load (needs TEST_NGINX)", () => {
  let started: AsyncDisposableStack;
  let upstreams: Upstream[];
  let nginx: Nginx;
  /** Streams in progress, by the instance that serves them. */
  let streams: Map<string, () => void>;

  const start = async (name: string): Promise<Upstream> => {
    const answer: Parameters<typeof startUpstream>[1] = {
      answer(incoming, response) {
        if (incoming.url === "/stream") {
          response.write("begun ");
          streams.set(name, () => response.end("ended"));
        } else incoming.resume().on("end", () => response.end(name));
      },
    };
    return started.use(await startUpstream(name, answer));
  };
  beforeEach(async () => {
    started = new AsyncDisposableStack();
    streams = new Map();
    upstreams = await Promise.all(["api-1", "api-2", "api-3"].map(start));
    nginx = started.use(await startNginx({ upstreams: addresses(upstreams), version: "1" }));
  });
  afterEach(() => started.disposeAsync());

  it("scales out: no request fails and the new instances take their share (AB-7)", async () => {
    const load = startLoad(nginx.port);
    const more = [...upstreams, await start("api-4"), await start("api-5")];
    await nginx.reload({ upstreams: addresses(more), version: "2" });
    const answers = await load.stop();
    const after = answers.filter(({ headers }) => headers["x-balancer-version"] === "2").length;
    for (let i = after; i < 25; i++) await ask(nginx.port, "/load");
    expect(failures(answers)).toEqual([]);
    expect(more.slice(3).map(({ received }) => received.length > 0)).toEqual([true, true]);
  });

  it("rolls: each instance marked down, left by everybody, stopped, started; no request fails (AB-10)", async () => {
    const load = startLoad(nginx.port);
    let version = 1;
    for (const upstream of upstreams) {
      await nginx.reload({ upstreams: addresses(upstreams), down: [upstream.address], version: String(++version) });
      const before = upstream.received.length;
      await ask(nginx.port, "/load");
      await upstream.stop();
      expect(upstream.received.length).toBe(before);
      await upstream.start();
      await nginx.reload({ upstreams: addresses(upstreams), version: String(++version) });
    }
    const answers = await load.stop();
    expect(failures(answers)).toEqual([]);
    expect(answers.length).toBeGreaterThan(0);
  });

  it("switches from blue to green: no request fails, none that green's configuration answers goes to blue, a stream of blue ends in full (AB-11)", async () => {
    const load = startLoad(nginx.port);
    const stream = ask(nginx.port, "/stream");
    while (streams.size === 0) await ask(nginx.port, "/load");
    const green = await Promise.all(["green-1", "green-2"].map(start));
    await nginx.reload({ upstreams: addresses(green), version: "green" });
    const answers = await load.stop();
    for (const end of streams.values()) end();

    expect(failures(answers)).toEqual([]);
    const ofGreen = answers.filter(({ headers }) => headers["x-balancer-version"] === "green");
    expect(ofGreen.filter(({ body }) => !body.startsWith("green"))).toEqual([]);
    expect(answers.some(({ body }) => body.startsWith("api"))).toBe(true);
    expect(await stream).toMatchObject({ status: 200, body: "begun ended", headers: { "x-balancer-version": "1" } });
  });
});
