/** compose.yaml as somebody brings it up by hand, through the real commands on a real engine; and what the machine may refuse. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../base/clock.ts";
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
const folders = (): readonly string[] => ["/run/docker", "/run/containerd", "/opt/containerd"].filter((path) => existsSync(path));
const before = folders();

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

  it("ends healthy, serves, follows its scale, shows its logs; an image that cannot be had is one sentence and 69", async () => {
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

    expect(await runproof(["up", "--driver", "compose"], { REDIS_IMAGE: "registry.invalid/nobody/redis:1" })).toMatchObject({
      status: 69,
      output: expect.stringMatching(
        /^(image .*\n)?Expected the image registry.invalid\/nobody\/redis:1 and it cannot be had: .*Load it into the engine, or name another with REDIS_IMAGE\.\n$/,
      ),
    });
  });

  it("goes with its data, its networks and, where nobody else uses it, the engine that was brought along", async () => {
    expect(await runproof(["down"])).toMatchObject({ status: 0, output: expect.stringContaining("the kept deployment of containers") });
    expect(await left()).toEqual([]);
  });

  it("leaves nothing where it could not come up: a port that is taken is one sentence and 69", async () => {
    {
      await using engine: Engine = await openEngine({ signal, say: () => {} });
      const [image] = await engine.docker.listImages({ filters: JSON.stringify({ reference: ["runproof-stand-in/redis", "redis"] }) });
      const HostConfig = { PortBindings: { "6379/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] } };
      const other = await engine.docker.createContainer({ Image: image?.Id ?? "", ExposedPorts: { "6379/tcp": {} }, HostConfig });
      await other.start();
      const up = await runproof(["up", "--driver", "compose", "--api", "1", "--queue", "1"]);
      await other.remove({ force: true, v: true });
      expect(up).toMatchObject({ status: 69, output: expect.stringMatching(/port is already allocated.*A port is taken: end what listens there/) });
    }
    expect(await left()).toEqual([]);
  });

  it("leaves nothing when Ctrl-C comes before it is up", async () => {
    const child = spawn(process.execPath, [`${root}harness/main.ts`, "up", "--driver", "compose"], {
      stdio: "ignore",
      env: { ...process.env, HTTP_PORT: String(port) },
    });
    const ended = once(child, "exit");
    const begun = async (): Promise<true | undefined> => ((await left()).some((name) => name.includes("postgres")) ? true : undefined);
    await until("The deployment was expected to begin", begun, { withinMs: 60_000, everyMs: 200 });
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(await left()).toEqual([]);
  });

  /** What is there of the deployment; and where no engine is there any more, the folders that ours would leave. */
  async function left(): Promise<readonly string[]> {
    const engine = await openRunningEngine();
    if (engine === undefined) return folders().filter((path) => !before.includes(path));
    const filters = JSON.stringify({ label: ["dev.runproof=deployment"] });
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
      engine.docker.listContainers({ all: true, filters }),
      engine.docker.listNetworks({ filters }),
      engine.docker.listVolumes({ filters }),
    ]);
    return [...containers.flatMap(({ Names }) => Names), ...networks.map(({ Name }) => Name), ...(volumes ?? []).map(({ Name }) => Name)];
  }
});
