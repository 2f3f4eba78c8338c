/** A map from keys to values, as in Porcupine's tests. A key that was never put, or was deleted, reads as "" or null: the two are not told apart. */
import type { Json } from "../../core/history.ts";
import { linearizable } from "../linearizability/judge.ts";
import { brief } from "../linearizability/specification.ts";
import { fromName, nameOf } from "../linearizability/values.ts";
import { zones } from "../linearizability/zones.ts";

const present = (value: Json): Json => (value === null ? "" : value);

export default linearizable(
  {
    what: 'a map: put (input: the value), append (input: text to add at the end), delete and get (output: the value) of a key; initially "" at every key',
    aliases: ["kv", "map"],
  },
  {
    operations: { get: "read", put: "update", append: "update", delete: "update" },
    initial: (given): Json | undefined => present(given ?? null),
    step(value, { f, input, output }) {
      if (f === "put") return present(input);
      if (f === "delete") return "";
      if (f === "append") return typeof value === "string" ? `${value}${input}` : undefined;
      return nameOf(present(output)) === nameOf(value) ? value : undefined;
    },
    identify: nameOf,
    revive: fromName,
    describe: brief,
    malformed: ({ f, input }) => (f === "append" && typeof input !== "string" ? `input ${brief(input)} where text is expected` : undefined),
  },
  zones(
    {
      reads: ({ f, output }) => (f === "get" ? present(output) : undefined),
      writes: ({ f, input }) => (f === "put" ? present(input) : f === "delete" ? "" : undefined),
      isOther: ({ f }) => f === "append",
    },
    (given) => present(given ?? null),
  ),
);
