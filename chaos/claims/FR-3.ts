import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-3",
  statement: "The runs of a crashed instance do not block the queue.",
  document: "Failures that users of such servers have reported",
  where: "Runs of a crashed instance blocked the queue for ever: bytedance/deer-flow#1087",
  decides:
    "An instance crashes while every slot is taken and more are waiting: the queue drains. And attempts are stopped: what is claimed afterwards is begun.",
} satisfies Claim;
