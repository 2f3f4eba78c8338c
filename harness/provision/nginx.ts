import { debianPackage, fixedPath } from "./debian.ts";
import { atLeast, type PartSpec } from "./part.ts";

/** nginx, the load balancer. Debian keeps it in a directory that is not on an ordinary user's PATH. */
export const nginx: PartSpec = {
  name: "nginx",
  variable: "RUNPROOF_NGINX",
  wanted: "1.18 or later",
  commands: ["nginx"],
  folders: () => ["/usr/sbin", "/usr/local/sbin"],
  versionArguments: ["-v"],
  parse: (output) => /nginx\/(\d+\.\d+\.\d+)/.exec(output)?.[1],
  accepts: atLeast("1.18"),
  ways: [
    debianPackage(
      { folder: "nginx-debian", package: "nginx", find: fixedPath("usr/sbin/nginx"), without: /^(nginx-common|iproute2|lsb-base|sysvinit-utils)$/ },
      10_000,
    ),
  ],
  advice: "Install nginx 1.18 or later or set RUNPROOF_NGINX to it.",
};
