import fc from "fast-check";
import { expect, test } from "vitest";
import type { ScheduledFault } from "./experiment.ts";
import { minimise, type Plan, planned } from "./plan.ts";

const fault = (on: string, atMs = 0, forMs = 400): ScheduledFault => ({ fault: "kill", on, atMs, forMs });
const on = ({ schedule }: Plan): readonly string[] => schedule.map((one) => one.on);
const always = () => true;

test("what is not needed goes: faults, their length, the time before them, load", async () => {
  const plan: Plan = { schedule: ["a", "b", "c", "d"].map((name, i) => fault(name, 2000 + i * 1000, 4000)), perSecond: 80 };
  const found = await minimise(plan, async (candidate) => on(candidate).includes("c"), always);
  expect(found).toMatchObject({ complete: true, plan: { schedule: [{ on: "c", atMs: 500, forMs: 500 }], perSecond: 10 } });
});

test("a violation that needs no fault is left without any, and one that needs all keeps them", async () => {
  const plan: Plan = { schedule: [fault("a"), fault("b")], perSecond: 10 };
  expect((await minimise(plan, async () => true, always)).plan).toEqual({ schedule: [], perSecond: 10 });
  expect((await minimise(plan, async () => false, always)).plan).toEqual(plan);
});

test("what was refused is not tried again", async () => {
  const tried: string[] = [];
  const plan: Plan = { schedule: [fault("a"), fault("b"), fault("c")], perSecond: 10 };
  await minimise(
    plan,
    async (candidate) => {
      tried.push(on(candidate).join());
      return on(candidate).includes("a");
    },
    always,
  );
  expect(tried).toEqual([...new Set(tried)]);
  expect(tried.at(-1)).toBe("a");
});

test("a spent budget ends it with what was found by then", async () => {
  const plan: Plan = { schedule: [fault("a"), fault("b"), fault("c")], perSecond: 10 };
  let left = 2;
  const found = await minimise(
    plan,
    async (candidate) => on(candidate).includes("a"),
    () => left-- > 0,
  );
  expect(found).toMatchObject({ complete: false, tried: 2, plan: { schedule: [{ on: "a" }, { on: "b" }] } });
});

test("whatever subset is needed, it is kept, it violated when it was tried, and no single fault can go", () =>
  fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.constantFrom(..."abcdefg"), { minLength: 1 }), fc.subarray([..."abcdefg"]), async (names, wanted) => {
      const needed = wanted.filter((name) => names.includes(name));
      const plan: Plan = { schedule: names.map((name, i) => fault(name, i * 300)), perSecond: 40 };
      const violates = async (candidate: Plan): Promise<boolean> => needed.every((name) => on(candidate).includes(name));
      const found = await minimise(plan, violates, always);
      expect([...on(found.plan)].sort()).toEqual([...needed].sort());
    }),
  ));

test("an experiment by a plan has its timeline and its load, and all else of its own", () => {
  const own = {
    ...({ id: "x", title: "x", profile: "default", proxied: [], settleMs: 1, drainMs: 2, claims: {} } as const),
    ...{ load: { scenario: "s", perSecond: 90, settings: { a: 1 } }, coverage: { operations: 1, operationsPerFault: 1, steady: true } },
    schedule: () => [],
  };
  const small = planned(own, { schedule: [fault("a")], perSecond: 5 });
  expect(small.load).toEqual({ scenario: "s", perSecond: 5, settings: { a: 1 } });
  expect(on({ schedule: small.schedule({} as never, {}), perSecond: 5 })).toEqual(["a"]);
});
