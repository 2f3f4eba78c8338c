#!/usr/bin/env node
/**
 * The way in: from a fresh clone and any Node >= 20 to the running command. Installs the npm packages when they are missing or do not match
 * package-lock.json, then hands over to the pinned Node. Plain JavaScript without dependencies, because it runs before there are any.
 *
 *   node harness/provision/bootstrap.mjs test [vitest's arguments]
 *   node harness/provision/bootstrap.mjs verify-source
 *   node harness/provision/bootstrap.mjs bench [names of benchmarks]
 *   node harness/provision/bootstrap.mjs <any command of runproof>
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { lock } from "./lock.mjs";

const oldest = 20;
const pinned = 24;
const missingPart = 69;
const installMs = 15 * 60_000;
const root = resolve(fileURLToPath(import.meta.url), "../../..");
const modules = join(root, "node_modules");
/** On the same file system, and ignored by git. */
const aside = join(root, "reports", ".old-packages");

const say = (line) => process.stderr.write(`${line}\n`);

function fail(sentence) {
  say(sentence);
  process.exit(missingPart);
}

/**
 * Runs a program to its end, passing on signals; answers its exit status (128 + n when signal n ended it), what it wrote unless inherited, and the
 * signal that was passed on. With `graceMs` a program that goes on after a signal for longer than that is killed.
 */
function run(command, args, { graceMs, ...options }) {
  return new Promise((done) => {
    const child = spawn(command, args, options);
    let passedOn;
    const forward = (signal) => {
      passedOn = signal;
      child.kill(signal);
      if (graceMs !== undefined) setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    const end = (status) => {
      for (const signal of signals) process.removeListener(signal, forward);
      done(status);
    };
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output = (output + data).slice(-20_000)));
    child.on("error", (error) => end({ status: -1, output: error.message, passedOn }));
    child.on("close", (code, signal) => end({ status: code ?? 128 + constants.signals[signal], output, passedOn }));
  });
}

const lockFile = () => readFileSync(join(root, "package-lock.json"), "utf8");

/** What node_modules has to be made from; it lies there, written last, once it is. */
function expected() {
  return createHash("sha256").update(`${process.platform} ${process.arch}\n${lockFile()}`).digest("hex");
}

const stamp = join(modules, ".runproof-stamp");

function stamped() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === expected();
}

/** Whether somebody ran npm themselves: npm's own record, which it writes last, holds every package at the locked version. */
function alreadyInstalled() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const found = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(JSON.parse(lockFile()).packages)
    .filter(([path, entry]) => path.startsWith("node_modules/") && !entry.link)
    .every(([path, entry]) => (found[path] === undefined ? entry.optional || entry.devOptional : found[path].version === entry.version));
}

async function installPackages() {
  const release = await lock(join(root, "reports", ".install.lock"), {
    deadlineMs: installMs,
    onWait: (pid) => say(`Process ${pid} is installing the npm packages; waiting for it.`),
  });
  try {
    if (stamped()) return;
    if (!alreadyInstalled()) {
      say("Installing npm packages into node_modules: about 20 s, once.");
      const began = performance.now();
      const seconds = () => `${Math.round((performance.now() - began) / 1000)} s`;
      const ticker = setInterval(() => say(`npm packages: installing ... ${seconds()}`), 10_000);
      // The npm that runs us, under the same Node; else the one on PATH. A production environment would leave out half of what is needed.
      const own = process.env.npm_execpath;
      // That Node may be the one of the packages that go now (after a pull that changed them): it is kept aside until npm is done.
      rmSync(aside, { recursive: true, force: true });
      if (existsSync(modules)) renameSync(modules, aside);
      const node = process.execPath.startsWith(modules + sep) ? join(aside, relative(modules, process.execPath)) : process.execPath;
      const npm = own !== undefined && /^npm/.test(basename(own)) && existsSync(own) ? [node, own] : ["npm"];
      // As `npm ci` does, from nothing: what an interrupted installation left may look whole. `npm ci` itself (npm 11) refuses a lock that lacks the
      // packages of other platforms, and a registry that mirrors only ours makes such locks; --no-save leaves the lock alone.
      const args = [
        "install",
        "--no-save",
        "--include=dev",
        "--include=optional",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=2000",
      ];
      const { status, output, passedOn } = await run(npm[0], [...npm.slice(1), ...args], {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        graceMs: 1000,
      });
      clearInterval(ticker);
      rmSync(aside, { recursive: true, force: true });
      if (passedOn !== undefined) {
        release();
        process.exit(128 + constants.signals[passedOn]);
      }
      if (status !== 0) {
        release();
        fail(
          `Expected npm to install the packages of package-lock.json and it failed (${reason(output)}). Check that npm is there and reaches its registry (npm ping), then repeat the command.`,
        );
      }
      if (!alreadyInstalled()) {
        release();
        fail(
          "Expected npm to install the versions in package-lock.json and found others. Bring package.json and package-lock.json in line (npm install), then repeat the command.",
        );
      }
      say(`npm packages: installed after ${seconds()}`);
    }
    writeFileSync(stamp, expected());
  } finally {
    release();
  }
}

/** npm's complaint in a line: its code and first sentence. */
function reason(output) {
  const lines = output.split("\n").flatMap((line) => /^npm (?:error|ERR!) (.+)/.exec(line)?.[1] ?? []);
  const code = lines.find((line) => line.startsWith("code "))?.slice(5);
  const text = lines.find((line) => !/^(code|syscall|errno|A complete log)\b/.test(line));
  return [code, text].filter((part) => part !== undefined).join(", ") || output.trim().split("\n").at(-1) || "it said nothing";
}

function pinnedNode() {
  const carried = join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(carried)) return carried;
  if (Number.parseInt(process.versions.node, 10) >= pinned) return process.execPath;
  return fail(
    `Expected Node ${pinned} or later for ${process.platform} ${process.arch}, where none comes with the npm packages, and found ${process.version}. Install Node ${pinned}, then repeat the command.`,
  );
}

async function main() {
  if (Number.parseInt(process.versions.node, 10) < oldest)
    fail(`Expected Node ${oldest} or later and found ${process.version}. Install a newer Node, then repeat the command.`);
  if (!stamped()) await installPackages();
  const node = pinnedNode();
  const [command, ...rest] = process.argv.slice(2);
  const start = async (args, cwd = process.cwd()) => (await run(node, args, { cwd, stdio: "inherit" })).status;
  const provision = join(root, "harness", "provision");
  if (command === "bench") return start([join(root, "bench", "main.ts"), ...rest], root);
  if (command === "example") return start([join(root, "harness", "report", "showcase", "make.ts"), ...rest]);
  if (command === "verify-source") return start([join(provision, "verify-source.ts")], root);
  if (command !== "test") return start([join(root, "harness", "main.ts"), ...process.argv.slice(2)]);
  const provided = await start([join(provision, "main.ts"), "test"], root);
  return provided === 0 ? start([join(modules, "vitest", "vitest.mjs"), "run", ...rest], root) : provided;
}

process.exitCode = await main();
