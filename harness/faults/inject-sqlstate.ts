import type { Fault } from "./fault.ts";
import { writeHook } from "./tools/write-hook.ts";

export default {
  what: "Writes of `table` (option `write`: insert or update) are refused with `sqlstate`: those that fulfil the condition `when` over NEW, of them `percent` by `seed`, and `count` in all.",
  prepare: (context) =>
    writeHook(context, {
      act: `raise exception 'injected by runproof' using errcode = '${context.options.sqlstate}'`,
      words: `refused with ${context.options.sqlstate}`,
    }),
} satisfies Fault;
