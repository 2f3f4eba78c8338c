import { debianPackage, fixedPath } from "./debian.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** HAProxy, the way in to a Postgres that fails over. Debian keeps it in a directory that is not on an ordinary user's PATH. */
export const haproxy: PartSpec = {
  name: "haproxy",
  variable: "RUNPROOF_HAPROXY",
  wanted: "2.2 or later",
  commands: ["haproxy"],
  folders: () => ["/usr/sbin", "/usr/local/sbin"],
  versionArguments: ["-v"],
  parse: (output) => /HAProxy version (\d+\.\d+(\.\d+)?)/.exec(output)?.[1],
  accepts: atLeast("2.2"),
  ways: [
    debianPackage(
      { folder: "haproxy-debian", package: "haproxy", find: fixedPath("usr/sbin/haproxy"), without: /^(adduser|lsb-base|sysvinit-utils)$/ },
      10_000,
    ),
  ],
  advice: "Install HAProxy 2.2 or later or set RUNPROOF_HAPROXY to it.",
};
