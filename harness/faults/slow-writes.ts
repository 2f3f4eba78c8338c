import type { Fault } from "./fault.ts";
import { writeHook } from "./tools/write-hook.ts";

export default {
  what: "Writes of `table` (option `write`: insert or update) take `delayMs` longer inside Postgres: those that fulfil the condition `when` over NEW, of them `percent` by `seed`.",
  prepare(context) {
    const delayMs = Number(context.options.delayMs);
    const hook = writeHook(context, { act: `perform pg_sleep(${delayMs / 1000})`, words: `held up for ${delayMs} ms` });
    return { ...hook, numbers: () => ({ ...hook.numbers?.(), delayMs }) };
  },
} satisfies Fault;
