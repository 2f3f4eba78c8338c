import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openPorts } from "./ports.ts";

const lockOf = (port: number): string => join(tmpdir(), "runproof-ports", String(port));

describe("ports", () => {
  it("gives two suites that start at the same moment different ports", async () => {
    using one = openPorts();
    using other = openPorts();
    const taken = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).take()));
    expect(new Set(taken).size).toBe(40);
    for (const port of taken) expect(port).toBeGreaterThanOrEqual(10_000);
    for (const port of taken) expect(port).toBeLessThan(32_000);
  });

  it("passes over a port on which somebody listens", async () => {
    using ports = openPorts();
    const first = await ports.take();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(first + 1, "127.0.0.1", resolve));
    expect(await ports.take()).not.toBe(first + 1);
    await new Promise((resolve) => server.close(resolve));
  });

  it("takes over the lock of a dead owner and leaves that of a live one alone", async () => {
    let port: number;
    {
      using ports = openPorts();
      port = await ports.take();
    }
    const dead = spawnSync("true").pid;
    writeFileSync(lockOf(port), `${dead} 1`);
    {
      using ports = openPorts();
      expect(await ports.take()).toBe(port);
      expect(readFileSync(lockOf(port), "utf8")).toMatch(new RegExp(`^${process.pid} `));
      using second = openPorts();
      expect(await second.take()).not.toBe(port);
    }
  });

  it("leaves no lock behind", async () => {
    let port: number;
    {
      using ports = openPorts();
      port = await ports.take();
      expect(readdirSync(join(tmpdir(), "runproof-ports"))).toContain(String(port));
    }
    expect(readdirSync(join(tmpdir(), "runproof-ports"))).not.toContain(String(port));
  });
});
