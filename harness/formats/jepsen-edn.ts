/** Jepsen's EDN, and Porcupine's key-value lines, which are the same maps with a `:key`: times are ns, the order of the forms is the order of the events. Pure. */
import { eventOf, isNemesis, type MapFormat, withoutNilTime } from "./event.ts";

const msPerNs = 1e-6;

export const jepsenEdn: MapFormat = {
  reading: { name: "Jepsen's EDN", order: "lines", tolerant: true },
  event: (raw, line) => (isNemesis(raw.process) ? null : eventOf(withoutNilTime(raw), line, msPerNs)),
};
