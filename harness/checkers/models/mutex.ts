/** A lock of which only this is known: whether it is held. */
import { alternation } from "../linearizability/alternation.ts";
import { linearizable } from "../linearizability/judge.ts";

export default linearizable(
  { what: "a lock: acquire while it is free and release while it is held, by anybody; initially free", aliases: ["lock"] },
  {
    operations: { acquire: "update", release: "update" },
    initial: (given) => (given === undefined || given === null ? false : undefined),
    step: (held, { f }) => (held === (f === "release") ? !held : undefined),
    identify: Number,
    revive: (name) => name === 1,
    describe: (held) => (held ? "held" : "free"),
  },
  alternation,
);
