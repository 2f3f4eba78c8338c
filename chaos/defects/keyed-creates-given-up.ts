/** A POST is not idempotent, and after an incident with doubled messages none of them is sent to a second instance any more. Creates that carry a key could be repeated without harm: now each that an instance had taken when it died is a 502 to its client. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "keyed-creates-given-up",
  claim: "HA-2",
  what: "A creation with a key of its own that an instance broke off is not sent to another one.",
  edits: [
    {
      file: "deploy/nginx.conf.template",
      find: '        "~^POST:." 1;\n',
      replace: "",
    },
  ],
  caughtBy: ["kill-amid-creations"],
} satisfies Defect;
