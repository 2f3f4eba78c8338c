/** The client sees nothing until the run has ended, and then everything at once. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "events-buffered",
  claim: "AB-3",
  what: "The balancer buffers what the instances answer, whatever they say of it, and speaks HTTP/1.0 to them, as it did by default for years.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: `        # Server-sent events pass as they come.
        proxy_buffering off;`,
      replace: `        proxy_buffering on;
        proxy_ignore_headers X-Accel-Buffering;`,
    },
    { file: "deploy/nginx.conf.template", find: `        proxy_http_version 1.1;`, replace: `        proxy_http_version 1.0;` },
  ],
  caughtBy: ["stream-through-the-balancer"],
} satisfies Defect;
