/** Patroni, which promotes a standby of Postgres when its primary is gone. It runs as the server's user, with the machine's Python. */
import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage, fixedPath } from "./debian.ts";
import { mustRun } from "./exec.ts";
import { atLeast, type PartSpec, type Way } from "./part.ts";
import { unpackPyPI } from "./pip.ts";
import { serverUser } from "./postgres.ts";

/** The last release that lets a primary be given up after less than 20 s, and what it imports to manage a Postgres by etcd. */
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
  wanted: "3.0 or 3.1 (later ones wait for 20 s before they give up a primary)",
  commands: ["patroni"],
  folders: () => [],
  versionArguments: ["--version"],
  parse: (output) => /patroni (\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("3.0", "3.2"),
  runAs: serverUser,
  ways: [
    debianPackage(
      {
        folder: "patroni-debian",
        package: "patroni",
        find: fixedPath("usr/bin/patroni"),
        also: ["python3-etcd"],
        without: /^(adduser|lsb-base|sysvinit-utils|pipexec|vip-manager|python3-(aws|boto).*)$/,
        variables: { PYTHONPATH: "usr/lib/python3/dist-packages" },
      },
      15_000,
    ),
    fromPyPI,
  ],
  advice: "Install Python 3 with pip, or Patroni 3.0 or 3.1 with its client of etcd, or set RUNPROOF_PATRONI to it.",
};
