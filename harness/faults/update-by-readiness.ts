import type { Fault } from "./fault.ts";
import { slowUpdate, untilReady } from "./tools/slow-update.ts";

const readyWithinMs = 30_000;

export default {
  what: "The instances of a role are replaced in turn, while each is kept from starting for `slowMs` (nobody may read `table`); the next one is when the last one says that it is ready.",
  prepare: (context) => slowUpdate(context, (instance) => untilReady(instance, readyWithinMs)),
} satisfies Fault;
