import { setTimeout as later } from "node:timers/promises";
import type { Fault } from "./fault.ts";
import { slowUpdate } from "./tools/slow-update.ts";

export default {
  what: "The instances of a role are replaced in turn, while each is kept from starting for `slowMs` (nobody may read `table`); the next one is `pauseMs` after the last one, whatever that says.",
  prepare: (context) => slowUpdate(context, () => later(Number(context.options.pauseMs), undefined, { ref: false })),
} satisfies Fault;
