import type { Fault } from "./fault.ts";
import { writeHook } from "./tools/write-hook.ts";

export default {
  what: "Writes of `table` (option `write`: insert or update) are refused with `sqlstate` (of several, separated by commas, each in its turn, or the one that a number over NEW, `by`, chooses): those that fulfil the condition `when` over NEW, of them `percent` by `seed`, and `count` in all.",
  prepare: (context) => {
    const codes = String(context.options.sqlstate).split(",");
    const inTurn = `(array['${codes.join("','")}'])[1 + ${context.options.by ?? "nth"} % ${codes.length}]`;
    return writeHook(context, { act: `raise exception 'injected by runproof' using errcode = ${inTurn}`, words: `refused with ${codes.join(", ")}` });
  },
} satisfies Fault;
