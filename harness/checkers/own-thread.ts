/** FR-9: a request that is sent again in a thread is not refused because of the run that it made itself. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { textField } from "./trail.ts";

const isUnfinished = ({ output }: Operation): boolean => ["pending", "running"].includes(textField(output, "status"));

/**
 * A thread that one key alone has used is busy with the run of that key and no other: no create under it is refused as busy (409), however often, when and wherever it is sent,
 * and whatever became of the answers before. Examined are the creates that were sent again and told of their run while that was unfinished; `later` are those told of it after its end.
 */
export const notBusyWithItself: Checker = ({ operations }) => {
  const byThread = Map.groupBy(
    operations.filter(({ f }) => f === "create"),
    ({ input }) => textField(input, "thread"),
  );
  const found: Counterexample[] = [];
  const again: Operation[] = [];
  for (const [thread, creates] of byThread) {
    const key = creates[0]?.key;
    if (thread === "" || !key || creates.some((create) => create.key !== key)) continue;
    const accepted = creates.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.completedAt - b.completedAt);
    again.push(...accepted.slice(1));
    for (const { error, answeredAt, index } of creates) {
      if (error !== "status 409") continue;
      const run = textField(accepted[0]?.output ?? null, "run");
      const whose = run === "" ? "no other key has used" : `only its own run ${run} can keep busy`;
      found.push({
        time: answeredAt,
        text: `the create of the key ${key} was refused because thread ${thread} is busy, which ${whose} (operation ${index}, at ${at(answeredAt)}).`,
      });
    }
  }
  const unfinished = again.filter(isUnfinished).length;
  const numbers = { unfinished, later: again.length - unfinished };
  const text = {
    holds: `${unfinished} creates that were sent again in a thread which their own run kept busy were told of that run, and ${numbers.later} after its end.`,
    nothing: "No create was sent again in a thread which its own run kept busy.",
  };
  return conclude("a thread is not busy with the run of the same key", unfinished, inTime(found), text, numbers);
};
