/**
 * A Docker engine of our own, for root on a machine without one: in a network and a mount namespace of its own without uplink, so that its bridges,
 * packet rules, mounts and published ports touch nothing else. It is there as long as somebody uses it.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../base/clock.ts";
import { exit, messageOf, UserError } from "../../base/errors.ts";
import { cacheDirectory } from "../../provision/cache.ts";
import type { EngineParts } from "../../provision/containers/engine-parts.ts";
import { lock } from "../../provision/lock.mjs";
import { isSameProcess, startTimeOf } from "../process/identity.ts";

const place = (name = ""): string => join(cacheDirectory(), "docker", name);
export const ownSocket = (): string => place("docker.sock");

/** Whatever the machine has mounted: inside, the control groups are where every engine looks for them. */
const start = `
set -e
if ! mountpoint -q /sys/fs/cgroup; then
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups | while read -r name; do
    mkdir -p "/sys/fs/cgroup/$name"
    mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name" || rmdir "/sys/fs/cgroup/$name"
  done
fi
ip link set lo up
exec "$@"`;

/** The pid of our engine, while it lives. */
export function ownEnginePid(): number | undefined {
  try {
    const pid = Number(readFileSync(place("dockerd.pid"), "utf8"));
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(ownSocket()) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it ended before its containers did, as when everything of a run was killed at once: they go on without it. */
export function ownEngineLeft(): boolean {
  const containers = place("data/containers");
  return ownEnginePid() === undefined && existsSync(containers) && readdirSync(containers).length > 0;
}

/** Directories of the machine that an engine makes wherever its own files are, parents first. */
const outside = [
  "/run/docker",
  "/run/docker/plugins",
  "/run/containerd",
  "/run/containerd/s",
  "/opt/containerd",
  "/opt/containerd/bin",
  "/opt/containerd/lib",
];

/** Of them those that are not there yet, beside what an engine that did not end by itself has left. */
function noteOutside(): void {
  const before = outsideMade();
  writeFileSync(place("outside.json"), JSON.stringify(outside.filter((path) => before.includes(path) || !existsSync(path))));
}

function outsideMade(): readonly string[] {
  return existsSync(place("outside.json")) ? (JSON.parse(readFileSync(place("outside.json"), "utf8")) as string[]) : [];
}

/** What somebody else uses meanwhile is not empty, and stays. */
function removeOutside(): void {
  for (const path of outsideMade().toReversed()) {
    try {
      rmdirSync(path);
    } catch (error) {
      if (!["ENOENT", "ENOTEMPTY", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  rmSync(place("outside.json"), { force: true });
}

const serialised = <T>(work: () => Promise<T>): Promise<T> => lock(place("lock"), { deadlineMs: 120_000 }).then((release) => work().finally(release));

/** Starts it unless it runs, and notes that this process uses it. `answers`: whether it answers on its socket. Disposing: see `leave`. */
export function useOwnEngine(parts: EngineParts, answers: () => Promise<boolean>): Promise<void> {
  return serialised(async () => {
    mkdirSync(place("users"), { recursive: true });
    writeFileSync(place(`users/${process.pid}`), startTimeOf(process.pid) ?? "");
    // One that lives is waited for, however long a busy machine lets it take: two on the same files would ruin them.
    if (ownEnginePid() === undefined) startEngine(parts);
    const ready = async (): Promise<true | undefined> => (await answers()) || undefined;
    await until("The Docker engine was expected to answer", ready, { withinMs: 60_000, everyMs: 100 }).catch((error) => {
      const end = readFileSync(place("dockerd.log"), "utf8").trim().split("\n").slice(-3).join(" ");
      throw new UserError(`${messageOf(error)} Its log ends: ${end} Start a Docker engine yourself, or point DOCKER_HOST at one.`, exit.missing);
    });
  });
}

function startEngine(parts: EngineParts): void {
  rmSync(place("dockerd.pid"), { force: true });
  noteOutside();
  const log = openSync(place("dockerd.log"), "w");
  const dockerd = [
    ...[parts.dockerd, "--host", `unix://${ownSocket()}`, "--data-root", place("data"), "--exec-root", place("exec")],
    // Not below one group of all containers: on a busy machine that would have as much of a processor as one process.
    ...["--cgroup-parent", "/"],
    ...["--pidfile", place("dockerd.pid"), "--ip", "127.0.0.1", "--init-path", parts.dockerInit, "--userland-proxy-path", parts.dockerProxy],
  ];
  const args = ["--net", "--mount", "--propagation", "slave", "sh", "-c", start, "sh", ...dockerd];
  spawn("unshare", args, { detached: true, stdio: ["ignore", log, log], env: { ...process.env, ...parts.env } })
    .on("error", () => {})
    .unref();
}

/** This process uses it no more; when nobody does and `isIdle`, it ends. Resolves to whether it ended. */
export function leaveOwnEngine(isIdle: () => Promise<boolean>): Promise<boolean> {
  if (!existsSync(place("users"))) return Promise.resolve(false);
  return serialised(async () => {
    rmSync(place(`users/${process.pid}`), { force: true });
    const users = readdirSync(place("users")).filter((pid) => isSameProcess(Number(pid), readFileSync(place(`users/${pid}`), "utf8")));
    const pid = ownEnginePid();
    if (pid === undefined || users.length > 0 || !(await isIdle())) return false;
    process.kill(pid, "SIGTERM");
    await until(`The Docker engine ${pid} was expected to end`, () => (startTimeOf(pid) === undefined ? true : undefined), { withinMs: 60_000 });
    removeOutside();
    return true;
  });
}
