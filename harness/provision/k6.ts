import { goBuild } from "./go-build.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** k6, the load generator. No registry carries its binary: on a machine without it, it is built from source. */
export const k6: PartSpec = {
  name: "k6",
  variable: "RUNPROOF_K6",
  wanted: "1.8 or later",
  commands: ["k6"],
  folders: () => [],
  versionArguments: ["version"],
  parse: (output) => /k6 v(\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("1.8"),
  ways: [goBuild({ module: "k6", package: "go.k6.io/k6/v2", version: "2.2.0", output: "k6", linkerFlags: "", aboutMs: 120_000 })],
  advice: "Install k6 1.8 or later on PATH or set RUNPROOF_K6 to it, or install Go 1.25 or later so that it can be built.",
};
