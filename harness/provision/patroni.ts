/** Patroni, which promotes a standby of Postgres when its primary is gone. It runs as the server's user, with the machine's Python. */
import { access, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackPackages } from "./debian.ts";
import { mustRun } from "./exec.ts";
import { atLeast, type PartSpec, type Way } from "./part.ts";
import { unpackPyPI, unpackWheel } from "./pip.ts";
import { serverUser } from "./postgres.ts";

/**
 * The last release that lets a primary be given up after less than 20 s. The ones before 3.1 let a primary that was stopped and wakes up take the lead back from its
 * successor: its lease in etcd has run out, and it writes its name with a new one, whoever's name is there.
 */
export const wheel = { name: "patroni", version: "3.1.2", sha256: "3ce7362c207c4da6f75c3ee85755f6e92452c1d9a8a2286c5365655853302b71" };
/** Patroni starts Postgres by a process of its own that reads this file again, as a module. */
export const launcher = '#!/usr/bin/python3\nfrom patroni.__main__ import main\n\nif __name__ == "__main__":\n    main()\n';

/** For the Python that Debian's modules are built for, which every user may run. */
const withDebiansModules: Way = {
  folder: "patroni-debian-3.1.2",
  what: "Patroni 3.1.2 from PyPI with Debian's Python modules",
  aboutMs: 20_000,
  async make(context) {
    const imports = ["psycopg2", "etcd", "yaml", "click", "dateutil", "prettytable", "psutil", "urllib3", "dnspython"];
    const names = imports.map((name) => `python3-${name}`);
    const { libraries } = await unpackPackages(names, context.into, context, /^(adduser|lsb-base|sysvinit-utils)$/);
    const modules = join("usr", "lib", "python3", "dist-packages");
    context.doing("downloading Patroni");
    await unpackWheel(wheel, join(context.into, modules), context);
    await writeFile(join(context.into, "patroni"), launcher, { mode: 0o755 });
    const source = "PyPI's patroni 3.1.2 and Debian's modules of Python, unpacked into the cache, not installed";
    return { path: "patroni", libraries, variables: { PYTHONPATH: modules }, source };
  },
};

/** What it imports, where the modules are not Debian's. */
const packages = [
  ...["patroni==3.1.2", "click==8.1.8", "prettytable==3.16.0", "wcwidth==0.2.13", "psutil==6.1.1", "psycopg2-binary==2.9.10"],
  ...["python-dateutil==2.9.0.post0", "six==1.17.0", "PyYAML==6.0.2", "urllib3==1.26.20", "ydiff==1.5", "dnspython==2.7.0"],
];
/** Its client of etcd comes as source only, and is Python alone. */
const client = { name: "python-etcd", version: "0.4.5" };

const fromPyPI: Way = {
  folder: "patroni-pypi-3.1.2",
  what: "Patroni 3.1.2 from PyPI",
  aboutMs: 30_000,
  async make(context) {
    context.doing("downloading Patroni and what it imports");
    const { source } = await unpackPyPI(packages, client, context.into, context);
    const archive = (await readdir(source)).find((name) => name.endsWith(".tar.gz"));
    if (archive === undefined) throw new Error(`PyPI has no source of ${client.name} ${client.version}`);
    const take = ["-xzf", join(source, archive), "--directory", context.into, "--strip-components=2", "--wildcards", "*/src/etcd"];
    await mustRun("tar", take, { signal: context.signal, deadlineMs: 60_000 });
    await rm(source, { recursive: true });
    await access(join(context.into, "etcd", "__init__.py"));
    return { path: "bin/patroni", libraries: [], variables: { PYTHONPATH: "." }, source: "PyPI's patroni 3.1.2, unpacked into the cache" };
  },
};

export const patroni: PartSpec = {
  name: "patroni",
  variable: "RUNPROOF_PATRONI",
  wanted: "3.1 (earlier ones let a primary that wakes up take the lead back, later ones wait for 20 s before they give one up)",
  commands: ["patroni"],
  folders: () => [],
  versionArguments: ["--version"],
  parse: (output) => /patroni (\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("3.1", "3.2"),
  runAs: serverUser,
  ways: [withDebiansModules, fromPyPI],
  advice: "Install Python 3 with pip, or Patroni 3.1 with its client of etcd, or set RUNPROOF_PATRONI to it.",
};
