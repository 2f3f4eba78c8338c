import { expect, test } from "vitest";
import { evidence, injected } from "./fixtures.ts";
import { onlySpeaks } from "./handshakes.ts";

const judge = onlySpeaks({ spoken: ["TLSv1.2", "HTTP/2"], refused: ["TLSv1.1"] });
const well = { "TLSv1.2 spoken": 1, "TLSv1.2 canBeSpoken": 1, "HTTP/2 spoken": 1, "TLSv1.1 spoken": 0, "TLSv1.1 canBeSpoken": 1 };
const seen = (numbers: Readonly<Record<string, number>>) =>
  judge(
    evidence({ faults: injected("shake-hands", "balancer", 1000, 2000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event)) }),
  );

test("what is spoken and what is not has to be as said", () => {
  expect(seen(well)).toMatchObject({ verdict: "holds", examined: 3 });
  expect(seen({ ...well, "TLSv1.1 spoken": 1 })).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("TLSv1.1 was offered to the balancer and spoken"),
  });
  expect(seen({ ...well, "HTTP/2 spoken": 0 })).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("HTTP/2 was offered to the balancer and refused"),
  });
});

test("what the client cannot speak itself, and no handshake at all, decide nothing", () => {
  expect(seen({ ...well, "TLSv1.1 canBeSpoken": 0 })).toMatchObject({ verdict: "inconclusive", summary: "Nobody here can speak TLSv1.1." });
  const unable = { ...well, "TLSv1.2 spoken": 0, "TLSv1.2 canBeSpoken": 0 };
  expect(seen(unable)).toMatchObject({ verdict: "inconclusive", summary: "Nobody here can speak TLSv1.2." });
  expect(seen({ ...unable, "TLSv1.2 canBeSpoken": 1 }).verdict).toBe("violated");
  expect(seen({}).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});
