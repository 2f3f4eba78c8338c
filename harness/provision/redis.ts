import { debianPackage, fixedPath } from "./debian.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** redis-server. */
export const redis: PartSpec = {
  name: "redis",
  variable: "RUNPROOF_REDIS",
  wanted: "6.0 or later",
  commands: ["redis-server"],
  folders: () => [],
  versionArguments: ["--version"],
  parse: (output) => /v=(\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("6.0"),
  ways: [
    debianPackage(
      { folder: "redis-debian", package: "redis-server", find: fixedPath("usr/bin/redis-server"), without: /^(adduser|lsb-base|sysvinit-utils)$/ },
      10_000,
    ),
  ],
  advice: "Install redis-server 6.0 or later on PATH or set RUNPROOF_REDIS to it.",
};
