/** Jepsen's EDN, and Porcupine's key-value lines, which are the same maps with a `:key`: times are ns, the order of the forms is the order of the events. Pure. */
import { eventOf, isNemesis, type MapFormat, type RawEvent } from "./event.ts";

const msPerNs = 1e-6;

export const jepsenEdn: MapFormat = {
  reading: { name: "Jepsen's EDN", order: "lines", tolerant: true },
  event: (raw, line) => (isNemesis(raw.process) ? null : eventOf(withoutNilTime(raw), line, msPerNs)),
};

/** Clojure writes nil for a time that it does not know. */
function withoutNilTime(raw: RawEvent): RawEvent {
  if (raw.time !== null) return raw;
  const { time, ...rest } = raw;
  return rest;
}
