/**
 * Packages of one Debian release, whichever the machine has: its lists are kept apart from the machine's own, as if nothing were installed. Packages
 * are unpacked, never installed, and no script of theirs runs.
 */
import { access, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDirectory } from "../cache.ts";
import { mustRun, run } from "../exec.ts";
import { lock } from "../lock.mjs";
import type { WayContext } from "../part.ts";

/** The current stable release: its engine runs on the one before, and its servers are the versions of the official images. */
export const suite = "trixie";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const listsAgeMs = 7 * 24 * 60 * 60_000;

export interface Suite {
  /** The packages and all that they depend on. */
  closure(names: readonly string[]): Promise<readonly string[]>;
  /** Downloads just these packages and unpacks them. Resolves to their names with versions. */
  unpack(names: readonly string[], into: string): Promise<readonly string[]>;
}

/** Throws one sentence where there is no apt, Debian's keyring is missing, or its servers cannot be reached. */
export async function openSuite(context: Pick<WayContext, "cache" | "signal" | "doing">): Promise<Suite> {
  const { signal } = context;
  const directory = join(context.cache, `apt-${suite}`);
  const inside = (name: string): string => join(directory, name);
  const settings = {
    "Dir::State": inside("state"),
    "Dir::State::status": inside("status"),
    "Dir::Cache": inside("cache"),
    "Dir::Etc::sourcelist": inside("sources.list"),
    "Dir::Etc::sourceparts": inside("none"),
    "Dir::Etc::preferencesparts": inside("none"),
    "APT::Sandbox::User": "root",
    "APT::Update::Error-Mode": "any",
    "Acquire::Languages": "none",
    "Acquire::Retries": "2",
    "Acquire::http::Timeout": "20",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await openDirectory(directory);
  const release = await lock(inside("lock"), { deadlineMs: 5 * 60_000, signal });
  try {
    const age = await stat(inside("updated")).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (age > listsAgeMs) {
      context.doing(`fetching the package lists of Debian ${suite}`);
      for (const path of ["state/lists/partial", "cache/archives/partial", "none"]) await mkdir(inside(path), { recursive: true });
      await writeFile(inside("status"), "");
      await writeFile(inside("sources.list"), `deb [signed-by=${keyring}] ${await mirror(signal)} ${suite} main\n`);
      await mustRun("apt-get", [...options, "update"], { signal, deadlineMs: 5 * 60_000 });
      await writeFile(inside("updated"), "");
    }
  } finally {
    release();
  }
  return {
    async closure(names) {
      const args = [...options, "install", "--simulate", "--no-install-recommends", ...names];
      const { stdout } = await mustRun("apt-get", args, { signal, deadlineMs: 60_000 });
      return [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = ""]) => name);
    },
    async unpack(names, into) {
      const packages = `${into}.packages`;
      await mkdir(packages, { recursive: true });
      context.doing(`downloading ${names.length} packages of Debian ${suite}`);
      await mustRun("apt-get", [...options, "download", ...names], { cwd: packages, signal, deadlineMs: 10 * 60_000 });
      const files = (await readdir(packages)).filter((name) => name.endsWith(".deb"));
      // The one with the links /bin -> usr/bin comes first: nobody may make directories of them.
      files.sort((a, b) => Number(b.startsWith("base-files_")) - Number(a.startsWith("base-files_")) || (a < b ? -1 : 1));
      context.doing(`unpacking ${files.length} packages`);
      for (const file of files) await mustRun("dpkg-deb", ["-x", join(packages, file), into], { signal, deadlineMs: 5 * 60_000 });
      await rm(packages, { recursive: true });
      return files.map((file) => file.split("_").slice(0, 2).map(decodeURIComponent).join(" "));
    },
  };
}

/** Where this machine gets Debian's packages from. */
async function mirror(signal: AbortSignal): Promise<string> {
  await access(keyring).catch(() => {
    throw new Error(`there is no ${keyring}, by which Debian's packages are verified`);
  });
  const targets = await run("apt-get", ["indextargets", "--format", "$(REPO_URI) $(ORIGIN)"], { signal, deadlineMs: 20_000 });
  const found = targets.stdout.split("\n").find((line) => /^\S+\/debian\/? /.test(line));
  if (found === undefined) throw new Error("apt knows no server of Debian's packages (not Debian)");
  return found.split(" ")[0] ?? "";
}
