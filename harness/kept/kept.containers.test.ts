/** compose.yaml as somebody brings it up by hand, through the real commands on a real engine; and what the machine may refuse. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { messageOf } from "../base/errors.ts";
import { compose } from "../drivers/compose/compose.ts";
import { type Engine, openEngine, openRunningEngine } from "../drivers/compose/engine.ts";
import { ownEnginePid } from "../drivers/compose/own-engine.ts";
import { openPorts } from "../drivers/process/ports.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const signal = AbortSignal.timeout(300_000);
const why = await openEngine({ signal, say: (line) => console.error(line) }).then(
  (engine) => engine[Symbol.asyncDispose]().then(() => ""),
  messageOf,
);
const before = ["/run/docker", "/run/containerd", "/opt/containerd"].filter((path) => existsSync(path));

describe.skipIf(why !== "")(`the deployment of compose.yaml${why === "" ? "" : ` (${why})`}`, () => {
  const resources = new AsyncDisposableStack();
  let port = 0;

  async function runproof(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [`${root}harness/main.ts`, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, HTTP_PORT: String(port), ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const [status] = await once(child, "close");
    return { status: status as number | null, output };
  }

  beforeAll(async () => {
    port = await resources.use(openPorts()).take();
  });
  afterAll(async () => {
    await runproof(["down"]);
    await resources.disposeAsync();
  });

  /** Asks the balancer where an engine of our own publishes, or here. */
  async function ask(path: string): Promise<string> {
    const program = `fetch("http://127.0.0.1:${port}${path}").then(async (r) => console.log(r.status, r.headers.get("X-Instance-Id")))`;
    const pid = ownEnginePid();
    const [command, ...args] = [...(pid === undefined ? [] : ["nsenter", `--net=/proc/${pid}/ns/net`]), process.execPath, "-e", program];
    const child = spawn(command ?? "", args, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    await once(child, "close");
    return output.trim();
  }

  /** A service with its state, as `docker compose ps` tells it. */
  const healthy = (output: string, service: string): number =>
    output.split("\n").filter((line) => line.includes(`runproof-kept-${service}-`) && line.includes("(healthy)")).length;

  it("has a file in which Compose finds nothing to remark, with every profile", async () => {
    await using engine: Engine = await openEngine({ signal, say: () => {} });
    const ran = await compose(engine, { directory: root, name: "runproof-config", env: {} }, ["--profile", "*", "config", "--quiet"]);
    expect([ran.stdout, ran.stderr]).toEqual(["", ""]);
  });

  it("ends healthy, serves, follows its scale, shows its logs; a port that is taken and an image that cannot be had are a sentence and 69", async () => {
    const up = await runproof(["up", "--driver", "compose", "--api", "1", "--queue", "1"]);
    expect(up.status, up.output).toBe(0);
    expect(["postgres", "redis", "toxiproxy", "api", "queue"].map((service) => healthy(up.output, service))).toEqual([1, 1, 1, 1, 1]);
    expect(await ask("/api/v1/monitoring/ready")).toMatch(/^200 ./);

    const scaled = await runproof(["scale", "api=2", "--driver", "compose"]);
    expect([scaled.status, healthy(scaled.output, "api"), healthy(scaled.output, "queue")], scaled.output).toEqual([0, 2, 1]);
    const answered = new Set<string>();
    for (let i = 0; i < 60 && answered.size < 2; i++) answered.add(await ask("/api/v1/monitoring/ready"));
    expect(answered.size).toBe(2);
    const status = await runproof(["status", "--driver", "compose"]);
    expect([healthy(status.output, "api"), healthy(status.output, "queue")]).toEqual([2, 1]);
    const logs = await runproof(["logs", "api", "--tail", "1", "--driver", "compose"]);
    expect(
      logs.output
        .trim()
        .split("\n")
        .map((line) => line.split(/-\d+ +\|/)[0]),
    ).toEqual(["api", "api"]);

    await using engine: Engine = await openEngine({ signal, say: () => {} });
    const image = (await engine.docker.listContainers()).find(({ Labels }) => Labels["com.docker.compose.service"] === "nginx")?.Image ?? "";
    const second = { directory: root, name: "runproof-second", env: { HTTP_PORT: String(port), NGINX_IMAGE: image } };
    await expect(compose(engine, second, ["up", "--detach", "--no-deps", "--pull", "never", "nginx"])).rejects.toMatchObject({
      status: 69,
      message: expect.stringMatching(/port is already allocated.*A port is taken: end what listens there/),
    });
    await compose(engine, second, ["down", "--volumes", "--remove-orphans"]);

    expect(await runproof(["up", "--driver", "compose"], { REDIS_IMAGE: "registry.invalid/nobody/redis:1" })).toMatchObject({
      status: 69,
      output: expect.stringMatching(
        /^(image .*\n)?Expected the image registry.invalid\/nobody\/redis:1 and it cannot be had: .*Load it into the engine, or name another with REDIS_IMAGE\.\n$/,
      ),
    });
  });

  it("goes with its data, its networks and, where nobody else uses it, the engine that was brought along", async () => {
    expect(await runproof(["down"])).toMatchObject({ status: 0, output: expect.stringContaining("the kept deployment of containers") });
    const engine = await openRunningEngine();
    if (engine === undefined) {
      expect(["/run/docker", "/run/containerd", "/opt/containerd"].filter((path) => existsSync(path))).toEqual(before);
      return;
    }
    const filters = JSON.stringify({ label: ["dev.runproof=deployment"] });
    expect(await engine.docker.listContainers({ all: true, filters })).toEqual([]);
    expect(await engine.docker.listNetworks({ filters })).toEqual([]);
    expect((await engine.docker.listVolumes({ filters })).Volumes ?? []).toEqual([]);
  });
});
