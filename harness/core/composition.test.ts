import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompositionRules, compose, type Ingredient, sameVictim } from "./composition.ts";
import { seeded } from "./random.ts";

const topology = { api: 2, queue: 3 };
const rules: CompositionRules = { withinMs: 30_000, everyMs: 800, atOnce: 3, spared: 1, recoveryMs: 2000 };
const menu: readonly Ingredient[] = [
  { fault: "kill", weight: 3, on: "queue", forMs: [1000, 3000] },
  { fault: "pause", weight: 2, on: "api", forMs: [1000, 8000] },
  { fault: "latency", weight: 2, on: "queue->postgres", forMs: [500, 4000], options: (random) => ({ latencyMs: random.integer(5, 50) }) },
  { fault: "partition", weight: 1, on: "*->redis", forMs: [1000, 2000] },
  { fault: "flush-redis", weight: 1, on: "redis", forMs: [0, 500] },
  { fault: "restart-postgres", weight: 0, on: "postgres", forMs: [1000, 2000] },
];

describe("composition", () => {
  it("is the same for a seed, and another for another", () => {
    const timeline = (seed: number): string => JSON.stringify(compose(seeded(seed), topology, menu, rules));
    expect(timeline(1)).toBe(timeline(1));
    expect(new Set(Array.from({ length: 30 }, (_, seed) => timeline(seed))).size).toBe(30);
  });

  it("keeps its rules, whatever the seed", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const all = compose(seeded(seed), topology, menu, rules);
        for (const [i, one] of all.entries()) {
          expect(one.fault).not.toBe("restart-postgres");
          const before = all.slice(0, i);
          expect(before.every(({ atMs }) => atMs <= one.atMs)).toBe(true);
          const recovering = before.filter(({ atMs, forMs }) => atMs + forMs + rules.recoveryMs > one.atMs);
          expect(recovering.filter(({ on }) => sameVictim(on, one.on))).toEqual([]);
          expect(before.filter(({ atMs, forMs }) => atMs + forMs > one.atMs).length).toBeLessThan(rules.atOnce);
          const names = new Set([...recovering, one].map(({ on }) => on.split("->")[0] ?? ""));
          for (const [role, count] of Object.entries(topology))
            expect([...names].filter((name) => name.startsWith(`${role}-`)).length).toBeLessThan(count);
        }
      }),
    );
  });

  it("draws by weight", () => {
    const count = (fault: string): number =>
      Array.from({ length: 200 }, (_, seed) => compose(seeded(seed), topology, menu, rules))
        .flat()
        .filter((one) => one.fault === fault).length;
    expect(count("kill")).toBeGreaterThan(count("partition"));
    expect(count("partition")).toBeGreaterThan(0);
  });

  it("leaves a victim alone for as long as its fault says", () => {
    const once = menu.map((one) => (one.on === "api" ? { ...one, recoveryMs: 60_000 } : one));
    for (let seed = 0; seed < 50; seed++) {
      const api = compose(seeded(seed), topology, once, rules).filter(({ on }) => on.startsWith("api"));
      expect(api.length).toBeLessThanOrEqual(1);
    }
  });

  it("overlaps", () => {
    const all = compose(seeded(3), topology, menu, rules);
    expect(all.some((one, i) => all.slice(0, i).some(({ atMs, forMs }) => atMs + forMs > one.atMs))).toBe(true);
  });

  it.each([
    ["queue-1", "queue-1", true],
    ["queue-1", "queue-1->redis", true],
    ["queue-1->redis", "queue-2->redis", false],
    ["queue-1->redis", "redis", true],
    ["queue-1->redis", "*->redis", true],
    ["queue-1->redis", "postgres", false],
    ["*->redis", "redis", true],
    ["queue-1", "redis", false],
    ["balancer", "balancer", true],
  ])("%s and %s: the same victim is %s", (a, b, same) => {
    expect(sameVictim(a, b)).toBe(same);
    expect(sameVictim(b, a)).toBe(same);
  });
});
