/** The JSON twin of Jepsen's EDN: keywords are plain strings, times are ns, and the order of the lines is the order of the events. Pure. */
import { eventOf, isNemesis, type MapFormat, type RawEvent, withoutNilTime } from "./event.ts";

const msPerNs = 1e-6;

export const jepsenJson: MapFormat = {
  reading: { name: "Jepsen's JSON", order: "lines", tolerant: true },
  event(raw, line) {
    const named = Object.hasOwn(raw, ":type") ? withoutColons(raw) : raw;
    return isNemesis(named.process) ? null : eventOf(withoutNilTime(named), line, msPerNs);
  },
};

/** Keywords may have kept their colons as keys, too. */
const withoutColons = (raw: RawEvent): RawEvent => Object.fromEntries(Object.entries(raw).map(([key, value]) => [key.replace(/^:/, ""), value]));
