/**
 * The programs of a Docker engine of our own, for root on a machine without one: Debian's packages, unpacked into the cache. What depends on the C library
 * of its release (runc, iptables, ip) is of the machine's own release; the rest runs on the one before as well.
 */
import { access, symlink } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { exit, messageOf, UserError } from "../../base/errors.ts";
import { cacheDirectory, fillFolder } from "../cache.ts";
import { unpackPackages } from "../debian.ts";
import { mustRun } from "../exec.ts";
import { environmentOf } from "../locate.ts";
import { openSuite, suite } from "./debian-suite.ts";

const ofSuite = ["docker.io", "containerd", "tini", "docker-compose"];
const ofMachine = ["runc", "iptables", "iproute2"];

export interface EngineParts {
  /** For dockerd and all that it starts. */
  readonly env: Readonly<Record<string, string>>;
  readonly dockerd: string;
  readonly dockerInit: string;
  readonly dockerProxy: string;
  readonly compose: string;
  /** Whether they were unpacked just now, and what they are. */
  readonly source: string;
}

export interface ProvisionOptions {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** @throws UserError (69) where they cannot be had */
export async function engineParts({ signal, say }: ProvisionOptions): Promise<EngineParts> {
  const cache = cacheDirectory();
  const folder = join(cache, `docker-engine-${suite}`);
  try {
    const made = await fillFolder(
      folder,
      { signal, onWait: (pid) => say(`engine: waiting for process ${pid}, which is providing it`), usable: async () => true },
      async (into) => {
        say("engine: Debian packages of Docker, unpacked, about 30 s, once");
        const context = { into, cache, signal, doing: (what: string) => say(`engine: ${what}`) };
        const packages = await (await openSuite(context)).unpack(ofSuite, into);
        const { libraries } = await unpackPackages(ofMachine, into, context);
        // What update-alternatives would link; the kernel's own tables, which need no module of the old ones.
        for (const name of ["iptables", "ip6tables"]) await symlink("xtables-nft-multi", join(into, "usr/sbin", name));
        const triplet = libraries.find((path) => path.endsWith("-linux-gnu")) ?? `usr/lib/${arch() === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
        await mustRun(join(into, "usr/sbin/dockerd"), ["--version"], { signal, deadlineMs: 20_000 });
        return {
          path: "usr/sbin/dockerd",
          libraries,
          variables: { XTABLES_LIBDIR: join(triplet, "xtables") },
          source: `Debian packages ${packages.join(", ")}`,
          version: packages.find((name) => name.startsWith("docker.io "))?.split(" ")[1] ?? "",
        };
      },
    );
    const at = (path: string): string => join(folder, path);
    await access(at("usr/sbin/runc"));
    return {
      env: { ...environmentOf(folder, made), PATH: [at("usr/sbin"), at("usr/bin"), at("sbin"), at("bin"), process.env.PATH ?? ""].join(":") },
      dockerd: at("usr/sbin/dockerd"),
      dockerInit: at("usr/bin/tini-static"),
      dockerProxy: at("usr/sbin/docker-proxy"),
      compose: at("usr/libexec/docker/cli-plugins/docker-compose"),
      source: made.source,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(
      `Expected a Docker engine and found none, and it cannot be provided here: ${messageOf(error)}. Install Docker, or point DOCKER_HOST at a running engine.`,
      exit.missing,
    );
  }
}
