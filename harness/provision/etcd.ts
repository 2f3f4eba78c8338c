import { debianPackage, fixedPath } from "./debian.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** etcd, where the managers of a Postgres that fails over agree on who leads. */
export const etcd: PartSpec = {
  name: "etcd",
  variable: "RUNPROOF_ETCD",
  wanted: "3.4 or later",
  commands: ["etcd"],
  folders: () => ["/usr/local/bin"],
  versionArguments: ["--version"],
  parse: (output) => /etcd Version: (\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("3.4"),
  ways: [
    debianPackage(
      { folder: "etcd-debian", package: "etcd-server", find: fixedPath("usr/bin/etcd"), without: /^(adduser|lsb-base|sysvinit-utils|pipexec)$/ },
      10_000,
    ),
  ],
  advice: "Install etcd 3.4 or later on PATH or set RUNPROOF_ETCD to it.",
};
