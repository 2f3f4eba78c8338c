import { debianPackage, fixedPath } from "./debian.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** Chromium, only for tests of pages: never provisioned by `runproof chaos`. */
export const chromium: PartSpec = {
  name: "chromium",
  variable: "RUNPROOF_CHROMIUM",
  wanted: "120 or later",
  commands: ["chromium", "chromium-browser", "google-chrome"],
  folders: () => [],
  versionArguments: ["--version"],
  parse: (output) => /(?:Chromium|Chrome) (\d+(\.\d+)+)/.exec(output)?.[1],
  accepts: atLeast("120"),
  ways: [
    debianPackage(
      {
        folder: "chromium-debian",
        package: "chromium",
        find: fixedPath("usr/lib/chromium/chromium"),
        // Without a font and fontconfig's own files a page renders no text. Its configuration looks for fonts in the user's data directory too.
        also: ["fontconfig-config", "fonts-dejavu-core"],
        variables: { FONTCONFIG_PATH: "etc/fonts", XDG_DATA_HOME: "usr/share" },
      },
      60_000,
    ),
  ],
  advice: "Install chromium or set RUNPROOF_CHROMIUM to it; tests of pages are skipped without it.",
};
