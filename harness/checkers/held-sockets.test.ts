import { describe, expect, it, test } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { evidence, injected, lateElsewhere, sample } from "./fixtures.ts";
import { descriptorsReturned, muteClientsReaped, socketsKept } from "./held-sockets.ts";
import { alwaysFinds, neverAccuses } from "./property.ts";

const good = {
  ...{ clients: 60, upgraded: 60, pages: 30, pagesUpgraded: 30, kept: 60, heard: 60, heldMs: 25_000 },
  ...{ muteUpgraded: 120, muteReaped: 120, reapedMaxMs: 19_800 },
  ...{ descriptorsBefore: 90, descriptorsDuring: 200, descriptorsAfter: 97 },
};
const struck = (numbers: Readonly<Record<string, number>>): FaultEvent[] =>
  injected("hold-sockets", "balancer", 1000, 40_000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
const seen = (more: Readonly<Record<string, number>> = {}, of = {}) => evidence({ faults: struck({ ...good, ...more }), ...of });
const reaped = muteClientsReaped({ boundMs: 21_000 });

describe("clients that answer", () => {
  it("are kept", () => expect(socketsKept(seen())).toMatchObject({ verdict: "holds", examined: 60 }));
  it.each([
    [{ upgraded: 0, kept: 0, heard: 0 }, "60 of 60 clients were refused the upgrade"],
    [
      { upgraded: 30, pagesUpgraded: 0, kept: 30, heard: 30 },
      "30 of 60 clients were refused the upgrade to a WebSocket, among them 30 of the 30 that sent the Origin of where they connected to",
    ],
    [{ upgraded: 30, kept: 30, heard: 30 }, "30 of 60 clients were refused the upgrade to a WebSocket (hold-sockets#1"],
    [{ kept: 12, heard: 12 }, "48 of 60 clients were cut off within 25000 ms in which nothing was said"],
    [{ heard: 59 }, "1 of 60 clients that were still connected did not hear what was said then"],
  ])("violated by %j", (more, told) => expect(socketsKept(seen(more)).summary).toContain(told));
});
test("a cut decides nothing while timers lagged", () =>
  expect(socketsKept(seen({ kept: 12, heard: 12 }, { lagMs: 1000 })).verdict).toBe("inconclusive"));
describe("clients that answer nothing any more", () => {
  it("are dropped", () => expect(reaped(seen()).verdict).toBe("holds"));
  it("violated by one that stays, or is dropped late", () => {
    expect(reaped(seen({ muteReaped: 119 })).summary).toContain(
      "1 of 120 clients that answered nothing any more were still connected after 25000 ms",
    );
    expect(reaped(seen({ reapedMaxMs: 24_000 })).summary).toContain("dropped after 24000 ms; 21000 ms are allowed");
  });
  it("inconclusive when they were not held for as long, or timers lagged", () => {
    expect(reaped(seen({ heldMs: 20_000, muteReaped: 0 })).verdict).toBe("inconclusive");
    expect(reaped(seen({ heldMs: 60_000, muteReaped: 0 }, { lagMs: 5000 })).verdict).toBe("inconclusive");
  });
});
describe("descriptors", () => {
  it("are given back", () => expect(descriptorsReturned(seen()).verdict).toBe("holds"));
  it("violated by those that are not", () =>
    expect(descriptorsReturned(seen({ descriptorsAfter: 210 })).summary).toContain(
      "had 90 descriptors before 180 clients came, 200 while they were there, and 210",
    ));
  it("violated by those of the clients that were there to the end alone", () => {
    const some = { descriptorsDuring: 153, descriptorsAfter: 150 };
    expect(descriptorsReturned(seen(some)).verdict).toBe("violated");
    const samples = Array.from({ length: 100 }, (_, i) => sample(500 * i, "machine", { busyTicks: 99, processorTicks: 100 }));
    expect(descriptorsReturned(seen(some, { samples })).verdict).toBe("inconclusive");
  });
  it("inconclusive when the clients were not seen to take any", () =>
    expect(descriptorsReturned(seen({ descriptorsDuring: 100 })).verdict).toBe("inconclusive"));
});
test("without clients nothing is decided, and nobody accused; a client that is cut off is always found", () => {
  for (const check of [socketsKept, reaped, descriptorsReturned]) {
    expect(check(evidence()).verdict).toBe("inconclusive");
    expect(check(seen({ clients: 0, upgraded: 0, kept: 0, heard: 0, muteUpgraded: 0, muteReaped: 0 })).verdict).toBe("inconclusive");
    neverAccuses(check);
  }
  alwaysFinds(socketsKept, (_, random) => ({ faults: struck({ ...good, kept: random.integer(0, 59), heard: 0 }) }));
});

test("a lag of another time hides no miss, and one while clients were held excuses it", () => {
  expect(reaped(seen({ muteReaped: 119, heldMs: 26_000 }, lateElsewhere(5000, 95_000, 30_000)))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("1 of 120 clients"),
  });
  const held = struck({ ...good, reapedMaxMs: 4000 }).map((event) => (event.phase === "biting" ? { ...event, time: 39_000 } : event));
  const soon = muteClientsReaped({ boundMs: 3000 });
  expect(soon(evidence({ faults: held, ...lateElsewhere(2000, 37_000, 700) })).verdict).toBe("inconclusive");
  expect(soon(evidence({ faults: held, ...lateElsewhere(2000, 95_000, 700) })).verdict).toBe("violated");
});
