import { debianPackage, fixedPath } from "./debian.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** Prometheus, for the tests of the rules and dashboards and for experiments that evaluate alerts. */
export const prometheus: PartSpec = {
  name: "prometheus",
  variable: "RUNPROOF_PROMETHEUS",
  wanted: "2.40 or later",
  commands: ["prometheus"],
  folders: () => [],
  versionArguments: ["--version"],
  parse: (output) => /prometheus, version (\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("2.40"),
  ways: [
    debianPackage(
      {
        folder: "prometheus-debian",
        package: "prometheus",
        find: fixedPath("usr/bin/prometheus"),
        // What its own pages need.
        without: /^(adduser|init-system-helpers|fonts-.*|libjs-.*|lsb-base|sysvinit-utils)$/,
      },
      15_000,
    ),
  ],
  advice:
    "Install prometheus or set RUNPROOF_PROMETHEUS to it; tests of rules and dashboards are skipped without it, and experiments that evaluate alerts are out of reach.",
};
