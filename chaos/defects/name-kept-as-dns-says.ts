/** Docker's DNS says ten minutes. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "name-kept-as-dns-says",
  claim: "HS-17",
  what: "The balancer keeps the addresses of the instances for as long as the DNS server allows.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: `resolver {{resolver}} valid=1s ipv6=off;`,
      replace: `resolver {{resolver}} ipv6=off;`,
    },
  ],
  caughtBy: ["find-instances-by-name"],
} satisfies Defect;
