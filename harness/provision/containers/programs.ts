/** The programs that stand-in images are made of: what a run has anyway, and toxiproxy's command line, by which a container asks it for its health; and Patroni. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory, fillFolder } from "../cache.ts";
import { goBuild } from "../go-build.ts";
import { launcher, wheel } from "../patroni.ts";
import { unpackWheel } from "../pip.ts";
import { provision } from "../provision.ts";
import type { ProvisionOptions } from "./engine-parts.ts";
import type { PatroniFiles, Programs } from "./stand-ins.ts";

const cli = goBuild({
  module: "toxiproxy",
  package: "github.com/Shopify/toxiproxy/v2/cmd/cli",
  version: "cli-2.12.0",
  output: "toxiproxy-cli",
  linkerFlags: "",
  aboutMs: 20_000,
});

/** @throws UserError (69) where one of them cannot be had */
export async function imagePrograms({ signal, say }: ProvisionOptions): Promise<Programs> {
  const { k6, toxiproxy } = await provision({ only: ["k6", "toxiproxy"], signal, onProgress: say });
  const cache = cacheDirectory();
  const folder = join(cache, cli.folder);
  const made = await fillFolder(folder, { signal, onWait: () => undefined, usable: async () => true }, async (into) => {
    const context = { into, cache, signal, doing: (what: string) => say(`toxiproxy-cli: ${what}`) };
    return { ...(await cli.make(context)), version: "2.12.0" };
  });
  return { node: process.execPath, k6: k6.path, toxiproxy: toxiproxy.path, toxiproxyCli: join(folder, made.path) };
}

/**
 * Patroni's own modules, which suit any Python 3, and a file that starts it.
 * Rejects with one sentence where they cannot be had.
 */
export async function patroniFiles({ signal, say }: ProvisionOptions): Promise<PatroniFiles> {
  const cache = cacheDirectory();
  const folder = join(cache, `patroni-wheel-${wheel.version}`);
  await fillFolder(folder, { signal, onWait: () => undefined, usable: async () => true }, async (into) => {
    await unpackWheel(wheel, into, { into, cache, signal, doing: (what: string) => say(`patroni: ${what}`) });
    await writeFile(join(into, "launcher"), launcher, { mode: 0o755 });
    return { path: "patroni", libraries: [], source: "PyPI's patroni, unpacked into the cache", version: wheel.version };
  });
  return { modules: join(folder, "patroni"), launcher: join(folder, "launcher") };
}
