/** What may not be sent twice is sent once, to whoever has the least to do: in a pair of which one stands by, that is the one that takes nothing. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "writes-go-nowhere",
  claim: "HA-18",
  what: "The balancer leaves it at the first instance that it has picked for a write without a key, whether or not that one takes the connection.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: `            proxy_next_upstream error timeout;
            proxy_next_upstream_tries 3;
            proxy_pass http://{{api}};
        }
        {{#allow}}`,
      replace: `            proxy_next_upstream off;
            proxy_pass http://{{api}};
        }
        {{#allow}}`,
    },
  ],
  caughtBy: ["write-where-one-serves"],
} satisfies Defect;
