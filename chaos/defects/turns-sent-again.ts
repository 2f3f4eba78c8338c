/** The balancer takes every POST for one that carries its own key: a turn whose instance dies is carried out again elsewhere. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "turns-sent-again",
  claim: "HA-2",
  what: "What one instance broke off is sent to another one, whether or not it carries a key by which a repetition could be told.",
  edits: [{ file: "deploy/nginx.conf.template", find: `"~^POST:." 1;`, replace: `"~^POST:" 1;` }],
  caughtBy: ["kill-amid-turns"],
} satisfies Defect;
