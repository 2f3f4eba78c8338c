import type { Fault } from "./fault.ts";
import { writeHook } from "./tools/write-hook.ts";

export default {
  what: "Writes of `table` (option `write`: insert or update) take `delayMs` longer inside Postgres: those that fulfil the condition `when` over NEW, of them `percent` by `seed`.",
  prepare: (context) =>
    writeHook(context, { act: `perform pg_sleep(${Number(context.options.delayMs) / 1000})`, words: `held up for ${context.options.delayMs} ms` }),
} satisfies Fault;
