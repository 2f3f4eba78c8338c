import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { scratch } from "../../provision/scratch.ts";
import { openEngine } from "./engine.ts";

const options = { signal: new AbortController().signal, say: () => {} };

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** An engine of another time, as far as it is asked before it is refused. */
async function startOldEngine(socket: string): Promise<AsyncDisposable> {
  const server = createServer((request, response) =>
    response.end(request.url?.endsWith("/version") ? JSON.stringify({ Version: "19.03.1", ApiVersion: "1.40" }) : "OK"),
  );
  await once(server.listen(socket), "listening");
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("an engine that will not do is one sentence and exit status 69", () => {
  it("where nobody answers", async () => {
    const socket = join(scratch(), "docker.sock");
    vi.stubEnv("DOCKER_HOST", `unix://${socket}`);
    await expect(openEngine(options)).rejects.toMatchObject({
      status: 69,
      message: `Expected a Docker engine at ${socket}, as DOCKER_HOST says, and it does not answer. Start it, or unset DOCKER_HOST.`,
    });
  });

  it.skipIf(existsSync("/var/run/docker.sock"))("where there is none and the user may not bring one along", async () => {
    vi.stubEnv("DOCKER_HOST", undefined);
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    await expect(openEngine(options)).rejects.toMatchObject({
      status: 69,
      message:
        "Expected a Docker engine and found no /var/run/docker.sock. Install Docker and start it, run as root (an engine of our own is brought along then), or use --driver process.",
    });
  });

  it.each(["tcp://192.0.2.1:2375", "tcp://127.0.0.1:9"])("at an address and not a socket of this machine (%s)", async (host) => {
    vi.stubEnv("DOCKER_HOST", host);
    await expect(openEngine(options)).rejects.toMatchObject({ status: 69, message: expect.stringContaining("use an engine on this machine") });
  });

  it("of a version that is too old", async () => {
    const socket = join(scratch(), "docker.sock");
    await using _old = await startOldEngine(socket);
    vi.stubEnv("DOCKER_HOST", `unix://${socket}`);
    await expect(openEngine(options)).rejects.toMatchObject({
      status: 69,
      message: "Expected a Docker engine with API 1.41 or later and found 19.03.1 with API 1.40. Install Docker 20.10 or later.",
    });
  });
});
