/** Meant to spare the name service, and as nginx does by itself where a name stands in its configuration. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "name-looked-up-once",
  claim: "HS-17",
  what: "The balancer keeps what it was told of the name for a day, so that it leads to those who were there when it was first asked.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: "    resolver {{resolver}} valid=1s ipv6=off;",
      replace: "    resolver {{resolver}} valid=1d ipv6=off;",
    },
  ],
  caughtBy: ["find-instances-by-name"],
} satisfies Defect;
