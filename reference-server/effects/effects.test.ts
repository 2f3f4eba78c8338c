import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "../testing/services.ts";
import { EffectsUnavailable, openEffects } from "./effects.ts";

interface Report {
  readonly kind: string;
  readonly subject: string;
  readonly section: string;
  readonly step: number;
  readonly nonce: string;
}

/** An effect service that notes what it is told, and acknowledges it unless it is told not to. */
async function aService() {
  const reports: Report[] = [];
  const connections: Socket[] = [];
  let chunks = 0;
  let silent = false;
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      chunks += 1;
      for (const line of chunk.trim().split("\n")) {
        const report = JSON.parse(line) as Report;
        reports.push(report);
        if (!silent) socket.write(`${JSON.stringify({ nonce: report.nonce })}\n`);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    address: { host: "127.0.0.1", port: typeof address === "object" && address ? address.port : 0 },
    connections,
    chunks: () => chunks,
    told: () => reports.map(({ subject, kind, step }) => `${subject} ${kind} ${step}`),
    sections: () => new Set(reports.map(({ section }) => section)).size,
    beSilent: () => {
      silent = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of connections) socket.destroy();
      server.close();
    },
  };
}

const run = (subject: string) => ({ scope: "run", subject, token: 1 }) as const;

describe("external effects", () => {
  it("go over one connection for all pieces of work, each under a name of its own, in one write for each turn", async () => {
    await using service = await aService();
    using effects = openEffects(service.address);
    const [a, b] = await Promise.all([effects.begin(run("a")), effects.begin(run("b"))]);
    await Promise.all([a.enter(), a.step(1), b.enter()]);
    expect(service.told()).toEqual(["a enter 0", "a step 1", "b enter 0"]);
    expect([service.connections.length, service.chunks(), service.sections()]).toEqual([1, 1, 2]);
  });

  it("are left once, and that is acknowledged; nothing is reported after it", async () => {
    await using service = await aService();
    using effects = openEffects(service.address);
    const work = await effects.begin(run("a"));
    await work.enter();
    await Promise.all([work.leave(), work.leave()]);
    expect(service.told()).toEqual(["a enter 0", "a exit 0"]);
    await expect(work.step(1)).rejects.toThrow(EffectsUnavailable);
    expect(service.told()).toHaveLength(2);
  });

  it("that were never entered are not left", async () => {
    await using service = await aService();
    using effects = openEffects(service.address);
    const work = await effects.begin(run("a"));
    await work.leave();
    await setImmediate();
    expect(service.told()).toEqual([]);
  });

  it("end with their connection; the next piece of work has another one", async () => {
    await using service = await aService();
    using effects = openEffects(service.address);
    const work = await effects.begin(run("a"));
    await work.enter();
    service.beSilent();
    const refused = work.step(1).catch((error: unknown) => error);
    await eventually(
      async () => service.told().length,
      (count) => count === 2,
    );
    service.connections[0]?.destroy();
    expect(await refused).toBeInstanceOf(EffectsUnavailable);
    await expect(work.step(2)).rejects.toThrow(EffectsUnavailable);
    await work.leave();
    await effects.begin(run("b"));
    expect(service.connections).toHaveLength(2);
  });

  it("that are not acknowledged within 5 s have failed, and are not reported over this connection any more", async () => {
    await using service = await aService();
    using effects = openEffects(service.address);
    const work = await effects.begin(run("a"));
    await work.enter();
    service.beSilent();
    const beganMs = performance.now();
    await expect(work.step(1)).rejects.toThrow(EffectsUnavailable);
    expect(performance.now() - beganMs).toBeGreaterThan(4900);
    await expect(work.step(2)).rejects.toThrow(EffectsUnavailable);
  });

  it("cannot be had where nobody listens", async () => {
    using effects = openEffects({ host: "127.0.0.1", port: 9 });
    await expect(effects.begin(run("a"))).rejects.toThrow(EffectsUnavailable);
  });

  it("are told before the connection is ended on purpose", async () => {
    await using service = await aService();
    {
      using effects = openEffects(service.address);
      const work = await effects.begin(run("a"));
      await work.enter();
      void work.leave();
    }
    await eventually(
      async () => service.told(),
      (told) => told.at(-1) === "a exit 0",
    );
  });
});
