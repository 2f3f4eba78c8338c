import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Autoscaling, autoscaler, guideAutoscaling, type Reading, replayAutoscaling, syncMs, turns } from "./hpa.ts";
import { seeded } from "./random.ts";
import { usualRules } from "./scaling-rules.ts";

const wide: Autoscaling = { ...guideAutoscaling, minReplicas: 1, maxReplicas: 100, targets: { cpu: 50 } };
const reading = (ready: number, cpu: number, over: Partial<Reading> = {}): Reading => ({ time: 0, ready, unready: 0, utilisation: { cpu }, ...over });
const forgetful = { ...usualRules.down, stabilisationMs: 0 };
const once = (settings: Autoscaling, given: Reading): number => autoscaler(settings)(given);

/** Load in pods' requests of CPU: a pod can use twice what it requests. Memory is a base and a share of the load. */
const pods = (load: number, ready: number) => ({ cpu: Math.min(200, (100 * load) / ready), memory: 40 + (10 * load) / ready });
const replay = (loads: readonly number[], over: Partial<Autoscaling> = {}, startMs = 30_000) =>
  replayAutoscaling({ settings: { ...guideAutoscaling, ...over }, loads, utilisation: pods, startMs });
const steady = (load: number, looks: number): number[] => Array.from({ length: looks }, () => load);

describe("horizontal pod autoscaler (AB-16)", () => {
  it.each([
    ["twice the target doubles", 4, 100, 8],
    ["just above the tolerance", 10, 55.5, 12],
    ["within the tolerance above", 10, 54.9, 10],
    ["within the tolerance below", 10, 45.1, 10],
    ["rounds up", 3, 60, 4],
  ])("%s: %i pods at %f per cent of a target of 50 become %i", (_what, ready, cpu, replicas) => {
    expect(once(wide, reading(ready, cpu))).toBe(replicas);
  });

  it("follows the metric that asks for most, and goes down with none missing only", () => {
    const settings = { ...wide, targets: { cpu: 50, memory: 80 }, down: forgetful };
    expect(once(settings, reading(4, 25, { utilisation: { cpu: 25, memory: 160 } }))).toBe(8);
    expect(once(settings, reading(4, 25, { utilisation: { cpu: 25, memory: 40 } }))).toBe(2);
    expect(once(settings, reading(4, 25))).toBe(4);
    expect(once(settings, reading(4, 100))).toBe(8);
  });

  it("does not ask again for pods that are on their way", () => {
    expect(once(wide, reading(4, 100, { unready: 4 }))).toBe(8);
    expect(once(wide, reading(4, 150, { unready: 4 }))).toBe(12);
  });

  it("adds four pods or doubles in a period, whichever is more, and keeps its bounds", () => {
    const scale = autoscaler(guideAutoscaling);
    const cpu = { cpu: 700, memory: 10 };
    expect(scale({ time: 0, ready: 3, unready: 0, utilisation: cpu })).toBe(7);
    expect(scale({ time: 1000, ready: 3, unready: 4, utilisation: cpu })).toBe(7);
    expect(scale({ time: syncMs, ready: 7, unready: 0, utilisation: cpu })).toBe(10);
    expect(replay(steady(0.1, 100)).every(({ replicas }) => replicas === 3)).toBe(true);
  });

  it("adds no more than its policies allow, and goes up to the least that was asked for in its window", () => {
    const rises = (rules: Partial<typeof usualRules.up>) =>
      replay(steady(7, 41), { up: { ...usualRules.up, ...rules } }).map(({ replicas }) => replicas);
    const oneInFiveMinutes = rises({ policies: [{ of: "pods", value: 1, periodMs: 300_000 }] });
    expect([0, 19, 20, 39, 40].map((i) => oneInFiveMinutes[i])).toEqual([4, 4, 5, 5, 6]);
    expect(new Set(rises({ select: "disabled" }))).toEqual(new Set([3]));
    const patient = replay([...steady(1, 10), ...steady(7, 30)], { up: { ...usualRules.up, stabilisationMs: 60_000 } });
    // The calm before counts for a minute.
    expect([12, 13].map((i) => patient[i]?.replicas)).toEqual([3, 7]);
  });

  it("takes away no more than its policies allow", () => {
    const slowly = { ...usualRules.down, policies: [{ of: "pods", value: 1, periodMs: 60_000 }] as const };
    const falls = replay([...steady(7, 20), ...steady(0.1, 60)], { down: slowly }).map(({ replicas }) => replicas);
    const downAt = falls.findIndex((replicas, i) => i > 20 && replicas < 10);
    expect([0, 3, 4, 8].map((i) => falls[downAt + i])).toEqual([9, 9, 8, 7]);
  });

  it("goes down to the most that was asked for in five minutes", () => {
    const looks = replay([...steady(1, 4), ...steady(5, 40), ...steady(2, 60)]);
    // Eight by the formula from three; four at a time, and seven are within the tolerance.
    expect(looks[43]?.replicas).toBe(7);
    const downAt = looks.findIndex(({ replicas }, i) => i >= 44 && replicas < 7);
    expect((downAt - 44) * syncMs).toBeGreaterThanOrEqual(guideAutoscaling.down.stabilisationMs - syncMs);
    expect((downAt - 44) * syncMs).toBeLessThanOrEqual(guideAutoscaling.down.stabilisationMs + syncMs);
    expect(looks.at(-1)?.replicas).toBe(3);
    expect(turns(looks)).toBe(1);
  });

  it("does not follow a load that swings within five minutes; without the window it flaps", () => {
    const swings = Array.from({ length: 240 }, (_, i) => 4.2 + 2 * Math.sin((2 * Math.PI * i) / 8));
    expect(turns(replay(swings))).toBe(0);
    expect(turns(replay(swings, { down: forgetful }))).toBeGreaterThan(20);
  });

  it("follows a day's load up and down without flapping, and always has the CPU for it", () => {
    const random = seeded(1);
    const perDay = 86_400_000 / syncMs;
    const loads = Array.from({ length: perDay }, (_, i) => (3.5 - 2.5 * Math.cos((2 * Math.PI * i) / perDay)) * (0.85 + 0.3 * random.next()));
    const looks = replay(loads);
    expect(Math.max(...looks.map(({ replicas }) => replicas))).toBeGreaterThanOrEqual(8);
    // Up in the morning and down in the evening is one turn; the noise may turn it at a boundary now and then.
    expect(turns(looks)).toBeLessThanOrEqual(9);
    expect(looks.filter(({ load, ready }) => load > ready)).toEqual([]);
  });

  it("settles under any constant load, without a turn, on what the formula says", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 12, noNaN: true }), fc.integer({ min: 0, max: 120_000 }), (load, startMs) => {
        const looks = replay(steady(load, 80), {}, startMs);
        const last = looks.at(-1);
        const settled = looks.slice(-20);
        expect(turns(looks)).toBe(0);
        expect(settled.every(({ replicas, ready }) => replicas === last?.replicas && ready === replicas)).toBe(true);
        const n = last?.replicas ?? 0;
        const ratio = load / n / 0.7;
        if (n < 10) expect(ratio).toBeLessThanOrEqual(1.1 + 1e-9);
      }),
    );
  });

  it("keeps its bounds whatever it reads", () => {
    const readings = fc.array(
      fc.record({ cpu: fc.double({ min: 0, max: 1000, noNaN: true }), memory: fc.double({ min: 0, max: 200, noNaN: true }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(readings, (given) => {
        let i = 0;
        const looks = replayAutoscaling({
          settings: guideAutoscaling,
          loads: given.map(() => 0),
          utilisation: () => given[i++] ?? {},
          startMs: 20_000,
        });
        expect(looks.every(({ replicas }) => replicas >= 3 && replicas <= 10)).toBe(true);
      }),
    );
  });
});
