/** A register with compare-and-set, as in Jepsen's etcd tests. A compare-and-set that found another value has the outcome `fail`. */
import { registerModel } from "./register.ts";

export default registerModel(
  {
    what: "a register with compare-and-set: write (input: the value), read (output: the value) and cas (input: [from, to]; ok means that it was from and is now to); initially null",
    aliases: ["cas"],
  },
  { read: "read", write: "update", cas: "update" },
);
