import { goBuild } from "./go-build.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** toxiproxy-server, the proxy that faults act through. */
export const toxiproxy: PartSpec = {
  name: "toxiproxy",
  variable: "RUNPROOF_TOXIPROXY",
  wanted: "2.5 or later",
  commands: ["toxiproxy-server"],
  folders: () => [],
  versionArguments: ["--version"],
  parse: (output) => /version (\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("2.5"),
  ways: [
    goBuild({
      module: "toxiproxy",
      package: "github.com/Shopify/toxiproxy/v2/cmd/server",
      version: "2.12.0",
      output: "toxiproxy-server",
      // Its source says "git" unless told at link time.
      linkerFlags: "-X github.com/Shopify/toxiproxy/v2.Version=2.12.0",
      aboutMs: 30_000,
    }),
  ],
  advice: "Install toxiproxy-server 2.5 or later on PATH or set RUNPROOF_TOXIPROXY to it, or install Go 1.25 or later so that it can be built.",
};
