import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "./scratch.ts";

const main = `
process.on("SIGINT", () => { console.log("interrupted"); process.exit(130); });
console.log(process.cwd() + " " + process.argv.slice(2).join(" "));
if (process.argv[2] === "wait") setInterval(() => {}, 1000); else process.exitCode = Number(process.argv[2]);
`;

/** A checkout that is as small as one can be: the way in, one package (in the checkout itself, or of the registry), a command that exits with its argument. */
function checkout(from: "here" | "registry" = "here"): string {
  const root = scratch();
  const write = (file: string, content: unknown): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === "string" ? content : JSON.stringify(content));
  };
  mkdirSync(join(root, "harness", "provision"), { recursive: true });
  for (const file of ["bootstrap.mjs", "lock.mjs"]) cpSync(join(import.meta.dirname, file), join(root, "harness", "provision", file));
  write("harness/main.ts", main);
  const about = { name: "tiny", version: "1.0.0", type: "module", dependencies: { "left-pad": from === "here" ? "file:left-pad" : "1.3.0" } };
  const here = { "left-pad": { version: "1.3.0" }, "node_modules/left-pad": { resolved: "left-pad", link: true } };
  const packages = { "": about, ...(from === "here" ? here : { "node_modules/left-pad": { version: "1.3.0" } }) };
  write("package.json", about);
  write("package-lock.json", { ...about, lockfileVersion: 3, requires: true, packages });
  if (from === "here") write("left-pad/package.json", { name: "left-pad", version: "1.3.0" });
  return root;
}

function start(root: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, node = process.execPath) {
  // npm_execpath of the npm that runs these tests would decide which npm is used.
  const child = spawn(node, [join(root, "harness/provision/bootstrap.mjs"), ...args], {
    cwd: tmpdir(),
    env: { ...process.env, npm_execpath: "", ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  const ended = new Promise<{ status: number | null; output: string }>((resolve) => child.on("close", (status) => resolve({ status, output })));
  return { child, ended, said: () => output };
}

test("a fresh checkout: packages are installed once, the command gets its arguments and directory, and its exit status is ours", async () => {
  const root = checkout();
  const first = await start(root, ["3", "--seed", "7"]).ended;
  expect(first).toMatchObject({ status: 3 });
  expect(first.output).toContain("Installing npm packages");
  expect(first.output).toContain(`${tmpdir()} 3 --seed 7`);
  expect(existsSync(join(root, "node_modules/.runproof-stamp"))).toBe(true);
  expect(await start(root, ["0"]).ended).toEqual({ status: 0, output: `${tmpdir()} 0\n` });
});

test("two at once on one fresh checkout do not break each other", async () => {
  const root = checkout();
  const both = await Promise.all([start(root, ["0"]).ended, start(root, ["0"]).ended]);
  expect(both.map((one) => one.status)).toEqual([0, 0]);
  expect(both.filter((one) => one.output.includes("Installing npm packages"))).toHaveLength(1);
});

test("packages that changed are installed anew, though the Node that does it is one of the old ones", async () => {
  const root = checkout();
  const own = join(root, "node_modules/node-own/bin/node");
  mkdirSync(dirname(own), { recursive: true });
  cpSync(process.execPath, own);
  const npm = process.env.npm_execpath ?? "";
  // The tiny checkout's packages bring no Node, so the command itself cannot start afterwards; the real ones do.
  const { output } = await start(root, ["0"], { npm_execpath: npm }, own).ended;
  expect(output).toContain("packages: installed after");
  expect(existsSync(join(root, "node_modules/.runproof-stamp"))).toBe(true);
  expect(existsSync(own)).toBe(false);
  expect(existsSync(join(root, "reports/.old-packages"))).toBe(false);
});

test("no network: one sentence, exit status 69, and the next start tries again", async () => {
  const root = checkout("registry");
  const unroutable = { npm_config_registry: "http://127.0.0.1:9/", npm_config_cache: join(root, "cache") };
  const { status, output } = await start(root, ["0"], unroutable).ended;
  expect(status).toBe(69);
  expect(output.trim().split("\n").at(-1)).toMatch(
    /^Expected npm to install the packages of package-lock\.json and it failed \(ECONNREFUSED.*then repeat the command\.$/,
  );
  expect(existsSync(join(root, "node_modules/.runproof-stamp"))).toBe(false);
});

test("SIGINT reaches the command, and its exit status is ours", async () => {
  const root = checkout();
  const run = start(root, ["wait"]);
  await expect.poll(() => run.said(), { timeout: 15_000 }).toContain(" wait");
  run.child.kill("SIGINT");
  expect(await run.ended).toMatchObject({ status: 130, output: expect.stringContaining("interrupted") });
});
