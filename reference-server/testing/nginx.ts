/** A real nginx on loopback with a configuration of ours. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BalancerSettings, renderBalancer } from "../deploy/nginx.ts";
import { endWithUs } from "./end-with-us.ts";
import { ask, freePort } from "./http.ts";
import { eventually } from "./services.ts";

const program = process.env.TEST_NGINX ?? "";
const environment = JSON.parse(process.env.TEST_NGINX_ENVIRONMENT ?? "{}") as Record<string, string>;

/** For `describe.skipIf`: these tests need TEST_NGINX, the path of an nginx. */
export const noNginx = program === "";

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
/** What a test decides; where it listens and writes is chosen here. */
export type TestSettings = Without<BalancerSettings, "listen" | "directory">;

export interface Nginx extends AsyncDisposable {
  readonly port: number;
  readonly directory: string;
  /** Takes up other settings as `nginx -s reload` does, and waits until only they answer: each time a new version, asked for 25 times running. */
  reload(settings: TestSettings): Promise<void>;
  /** One entry per answered request, in the order of the log. */
  accessLog(): Promise<readonly Arrival[]>;
}

export interface Arrival {
  /** When the request's first byte was read (ms since 1970, exact to 1 ms). */
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** host:port of every instance tried, in order. */
  readonly tried: readonly string[];
  readonly client: string;
}

/** Starts nginx. `edit` changes the rendered text: the planted fault of a negative control. */
export async function startNginx(settings: TestSettings, edit: (text: string) => string = (text) => text): Promise<Nginx> {
  const template = await readFile(new URL("../deploy/nginx.conf.template", import.meta.url), "utf8");
  const directory = await mkdtemp(join(tmpdir(), "balancer-"));
  // Workers of a root master are somebody else, and keep their cache here.
  await chmod(directory, 0o755);
  const file = join(directory, "nginx.conf");
  const port = await freePort();
  const write = (of: TestSettings): Promise<void> =>
    writeFile(file, edit(renderBalancer(template, { ...of, listen: `127.0.0.1:${port}`, directory })));
  await write(settings);
  const child = spawn(program, ["-p", directory, "-e", join(directory, "error.log"), "-c", file], {
    stdio: "ignore",
    env: { ...process.env, ...environment },
    detached: true,
  });
  const ending = endWithUs(child.pid);
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    ending[Symbol.dispose]();
    await rm(directory, { recursive: true });
  };
  try {
    await eventually(() => accepts(port), Boolean, 10_000);
  } catch {
    const log = await readFile(join(directory, "error.log"), "utf8").catch(() => "none");
    await stop();
    throw new Error(`Expected nginx to listen on 127.0.0.1:${port} within 10 s. Its log: ${log}`);
  }
  return {
    port,
    directory,
    async reload(next) {
      await write(next);
      child.kill("SIGHUP");
      let running = 0;
      const count = async (): Promise<number> => {
        const { headers } = await ask(port, "/");
        running = headers["x-balancer-version"] === next.version ? running + 1 : 0;
        return running;
      };
      await eventually(count, (seen) => seen >= 25, 15_000);
    },
    async accessLog() {
      const text = await readFile(join(directory, "access.log"), "utf8");
      return text.trimEnd().split("\n").filter(Boolean).map(arrival);
    },
    [Symbol.asyncDispose]: stop,
  };
}

function arrival(line: string): Arrival {
  const fields = /^(\d+)\.(\d{3}) (\S+) "(.*)" (\d+) "(.*?)" ".*?" (\d+)\.(\d{3}) (\S+) ".*?" \d+$/.exec(line);
  if (!fields) throw new Error(`Expected a line of the access log, found ${line}`);
  const [, seconds, ms, method = "", path = "", status, tried = "", tookSeconds, tookMs, client = ""] = fields;
  const atMs = Number(seconds) * 1000 + Number(ms) - (Number(tookSeconds) * 1000 + Number(tookMs));
  return { atMs, method, path, status: Number(status), tried: tried === "-" ? [] : tried.split(", "), client };
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
