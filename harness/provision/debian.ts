/**
 * Debian and Ubuntu packages, downloaded and unpacked into the cache: never installed, no service started, for an ordinary user too. apt verifies
 * the signatures and checksums of what it downloads.
 */
import { access, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDirectory } from "./cache.ts";
import { mustRun, run } from "./exec.ts";
import { lock } from "./lock.mjs";
import type { Way, WayContext } from "./part.ts";

/** Part of every glibc system: a second copy beside the machine's own loader would not start. */
const never = /^(libc6|libc-bin|gcc-\d+-base)$/;
const listsAgeMs = 24 * 60 * 60_000;

export interface DebianProgram {
  readonly folder: string;
  /** The package that holds the program, for people ("nginx"), and for apt. */
  readonly package: string;
  /** Where the program lies among the unpacked files; for a version-dependent path the directory is searched. */
  readonly find: (root: string) => Promise<string>;
  /** Dependencies that are not needed to run it. */
  readonly without?: RegExp;
  /** Packages whose files are needed though the program's package only recommends or suggests them. */
  readonly also?: readonly string[];
  /** Environment variables that name a path among the unpacked files. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A Debian package unpacked into the cache, as a way to provide a part. */
export function debianPackage(program: DebianProgram, aboutMs: number): Way {
  return {
    folder: program.folder,
    what: `Debian package ${program.package}, unpacked`,
    aboutMs,
    async make(context) {
      const { libraries, versions } = await unpackPackages([program.package, ...(program.also ?? [])], context.into, context, program.without);
      const variables = program.variables ?? {};
      return {
        path: await program.find(context.into),
        libraries,
        variables,
        source: `Debian package ${versions}, unpacked into the cache, not installed`,
      };
    },
  };
}

/**
 * Unpacks packages and what they need and this machine lacks. Answers the library directories (relative) and the first package's name and version.
 * Throws one sentence when apt or the network is missing.
 */
export async function unpackPackages(
  wanted: readonly string[],
  into: string,
  context: WayContext,
  without: RegExp = /^$/,
): Promise<{ readonly libraries: readonly string[]; readonly versions: string }> {
  const signal = context.signal;
  for (const tool of ["apt-get", "dpkg-deb"]) {
    const there = await run(tool, ["--version"], { signal, deadlineMs: 20_000 });
    if (there.status !== 0) throw new Error(`there is no ${tool} (not Debian or Ubuntu)`);
  }
  const packages = join(into, "packages");
  await mkdir(packages);
  // The machine's own lists first; they may be missing, unreadable or too old for the servers: then lists of our own.
  const names = await download(wanted, packages, [], without, context).catch(async (error: Error) => {
    signal.throwIfAborted();
    const own = await ownLists(context);
    return download(wanted, packages, own, without, context).catch((second: Error) => {
      signal.throwIfAborted();
      throw new Error(second.message === error.message ? error.message : `${error.message}; with fresh lists: ${second.message}`);
    });
  });
  context.doing(`unpacking ${names.length} packages`);
  const files = (await readdir(packages)).filter((file) => file.endsWith(".deb"));
  for (const file of files) await mustRun("dpkg-deb", ["-x", join(packages, file), into], { signal, deadlineMs: 5 * 60_000 });
  const first = files.find((file) => file.startsWith(`${wanted[0]}_`)) ?? `${wanted[0]}_?`;
  await rm(packages, { recursive: true });
  return { libraries: await libraryDirectories(into), versions: first.split("_").slice(0, 2).map(decodeURIComponent).join(" ") };
}

async function download(
  wanted: readonly string[],
  packages: string,
  apt: readonly string[],
  without: RegExp,
  context: WayContext,
): Promise<readonly string[]> {
  const signal = context.signal;
  context.doing("asking apt what is needed");
  const plan = await mustRun("apt-get", [...apt, "install", "--simulate", "--no-install-recommends", "--reinstall", ...wanted], {
    signal,
    deadlineMs: 60_000,
  });
  const needed = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  const names = [...new Set([...wanted, ...needed])].filter((name) => !never.test(name) && (wanted.includes(name) || !without.test(name)));
  context.doing(`downloading ${names.length} packages`);
  // Sandbox: apt's own user cannot write into our directory; the checksums are verified all the same.
  await mustRun(
    "apt-get",
    [...apt, "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "download", ...names],
    {
      cwd: packages,
      signal,
      deadlineMs: 10 * 60_000,
    },
  );
  return names;
}

/** Package lists in the cache, fetched when there are none or they are a day old. Answers the options that make apt use them. */
async function ownLists(context: WayContext): Promise<readonly string[]> {
  const directory = join(context.cache, "apt");
  const options = [
    ...["-o", `Dir::State=${join(directory, "state")}`, "-o", `Dir::Cache=${join(directory, "cache")}`],
    ...[
      "-o",
      "Dir::State::status=/var/lib/dpkg/status",
      "-o",
      "APT::Sandbox::User=root",
      "-o",
      "Acquire::Retries=1",
      "-o",
      "Acquire::http::Timeout=20",
    ],
  ];
  await openDirectory(directory);
  const release = await lock(join(directory, "lock"), { deadlineMs: 5 * 60_000, signal: context.signal });
  try {
    const stamp = join(directory, "updated");
    const age = await stat(stamp).then(
      (found) => Date.now() - found.mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (age < listsAgeMs) return options;
    context.doing("fetching package lists");
    for (const path of ["state/lists/partial", "cache/archives/partial"]) await mkdir(join(directory, path), { recursive: true });
    // Without this apt-get update ends with 0 when servers could not be reached.
    await mustRun("apt-get", [...options, "-o", "APT::Update::Error-Mode=any", "update"], { signal: context.signal, deadlineMs: 5 * 60_000 }).catch(
      (error: Error) => {
        context.signal.throwIfAborted();
        throw new Error(`apt's package lists cannot be fetched (network to Debian's packages?): ${error.message}`);
      },
    );
    await writeFile(stamp, "");
    return options;
  } finally {
    release();
  }
}

/** Directories that hold shared libraries: the processor's own, and those that some libraries (pulseaudio's) keep beneath it by a fixed path. */
async function libraryDirectories(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const base of ["usr/lib", "lib"]) {
    const triplets = (await readdir(join(root, base)).catch(() => [] as string[])).filter((name) => name.endsWith("-linux-gnu"));
    for (const triplet of triplets.map((name) => join(base, name))) {
      const below = (await readdir(join(root, triplet), { withFileTypes: true }))
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(triplet, entry.name));
      for (const directory of [triplet, ...below]) {
        if ((await readdir(join(root, directory))).some((file) => /^lib.*\.so(\.|$)/.test(file))) found.push(directory);
      }
    }
  }
  return found;
}

/** Finds a file that must be there among unpacked ones. */
export function fixedPath(path: string): (root: string) => Promise<string> {
  return (root) =>
    access(join(root, path)).then(
      () => path,
      () => {
        throw new Error(`the package holds no ${path}`);
      },
    );
}
