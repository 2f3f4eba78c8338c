import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { constants, evidence, injected, lateElsewhere, operation } from "./fixtures.ts";
import { type KeyNames, keysAcceptedAlike, rolesShared } from "./keys.ts";

const names: KeyNames = {
  ...{ give: "give", make: "make", end: "end", use: "use", enter: "enter" },
  ...{ roles: ["user", "auditor", "admin"], allowed: ["auditor", "admin"] },
};
const boundMs = 2000;
const alike = keysAcceptedAlike(names);
const shared = rolesShared(names);
const unknown = { outcome: "info" } as const;
type Given = Partial<Operation>;

const about = (f: string, invokedAt: number, input: Record<string, string>, output: Record<string, string> | null, given: Given): Operation =>
  operation({ f, key: "p", input: { principal: "p", ...input }, output, invokedAt, ...given });
const give = (at: number, role: string, given: Given = {}) => about("give", at, { role }, { role }, given);
const make = (at: number, keyId = "k", given: Given = {}) => about("make", at, {}, { keyId }, given);
const end = (at: number, keyId = "k", given: Given = {}) => about("end", at, { keyId }, {}, given);
const use = (at: number, role: string, keyId = "k", given: Given = {}) =>
  about("use", at, { keyId }, role === "none" ? { role } : { role, principal: "p" }, { by: "api-2", ...given });
const enter = (at: number, allowed: string, keyId = "k", given: Given = {}) => about("enter", at, { keyId }, { allowed }, { by: "api-2", ...given });

/** With a use at another instance after the maker had been killed, without which nothing is decided. */
const usual = [give(0, "auditor"), make(100)];
const faults = injected("kill", "api-1", 60_000, 62_000);
const given = (operations: readonly Operation[], more = {}) =>
  evidence({ operations, faults, constants: { ...constants, cacheTtlMs: boundMs }, ...more });
const judged = (check: typeof alike, ...operations: readonly Operation[]) => check(given([...usual, ...operations]));

describe("a key", () => {
  const afterKill = use(70_000, "auditor");
  test("is accepted by others, and after its maker was killed", () =>
    expect(judged(alike, use(200, "auditor"), enter(300, "yes"), afterKill)).toMatchObject({
      verdict: "holds",
      numbers: { elsewhere: 3, afterKill: 1 },
    }));
  test("that another does not know is told with its maker", () => {
    const told = "key k of p, made through api-1 and acknowledged at 0.110 s, was not accepted by api-2 at 0.210 s";
    expect(judged(alike, use(200, "none"), afterKill).summary).toContain(told);
    expect(judged(alike, enter(200, "none")).summary).toContain(told);
  });
  test("of somebody else is told", () =>
    expect(judged(alike, about("use", 200, { keyId: "k" }, { role: "user", principal: "q" }, {})).summary).toContain("was taken for a key of q"));
  test("that was ended may be refused from then on, and accepted as long as copies live", () => {
    const ended = end(1000);
    expect(judged(alike, ended, use(1001, "none"), use(1000 + boundMs, "auditor"), use(70_000, "none")).verdict).toBe("holds");
    expect(judged(alike, ended, use(1000 + boundMs + 50, "auditor"), use(70_000, "none")).summary).toContain("ended through api-1 2040 ms before");
    // Another key of the same principal is not ended.
    expect(judged(alike, make(500, "k2"), ended, use(3000, "none", "k2")).verdict).toBe("violated");
  });
  test("whose end is unknown may be refused or accepted ever after, and one whose end was refused is accepted", () => {
    const both = [use(1500, "none"), use(70_000, "auditor")];
    expect(judged(alike, end(1000, "k", unknown), ...both).verdict).toBe("holds");
    expect(judged(alike, end(1000, "k", { outcome: "fail" }), ...both).verdict).toBe("violated");
  });
  test("a use of unknown outcome, or of a key that nobody made, says nothing", () => {
    expect(judged(alike, use(200, "none", "k", unknown), use(300, "none", "other"), afterKill).verdict).toBe("holds");
  });
  test("accepted late decides nothing while timers lagged; refused is refused", () => {
    const late = [...usual, end(1000), use(9000, "auditor"), use(70_000, "none")];
    expect(alike(given(late, { lagMs: 900 })).verdict).toBe("inconclusive");
    expect(alike(given([...usual, use(200, "none")], { lagMs: 900 })).verdict).toBe("violated");
  });
});

describe("a role", () => {
  const afterKill = use(70_000, "user");
  const changed = give(1000, "user");
  test("is gone by at others, at the latest when copies have ended", () => {
    expect(judged(shared, use(200, "auditor"), changed, use(2900, "auditor"), enter(2950, "no"), afterKill)).toMatchObject({
      verdict: "holds",
      numbers: { staleUses: 1, staleMaxMs: 1890 },
    });
    expect(judged(shared, changed, use(3100, "auditor"), afterKill).summary).toContain(
      "took p for auditor at 3.110 s, although api-1 had made it user",
    );
    expect(judged(shared, changed, enter(3100, "yes"), afterKill).summary).toContain("took p for auditor or admin at 3.110 s");
  });
  test("is at once that of a key that was made after it", () => {
    expect(judged(shared, changed, make(1100, "k2"), use(1200, "auditor", "k2")).summary).toContain("its key had been made after that");
    expect(judged(shared, changed, make(1005, "k2"), use(1200, "auditor", "k2"), afterKill).verdict).toBe("holds");
  });
  test("that nobody gave is told at once", () => {
    expect(judged(shared, use(200, "admin")).summary).toContain("took p for admin at 0.210 s, which it had never been made");
    expect(judged(shared, enter(200, "no")).verdict).toBe("violated");
    expect(judged(shared, use(200, "user"), changed).verdict).toBe("violated");
  });
  test("of which nobody knows whether it was given is possible for ever, and replaces nothing", () => {
    const either = [use(5000, "auditor"), use(6000, "user"), use(7000, "auditor"), afterKill];
    expect(judged(shared, give(1000, "user", unknown), ...either).verdict).toBe("holds");
    expect(judged(shared, give(1000, "user", { outcome: "fail" }), use(5000, "user")).verdict).toBe("violated");
  });
  test("changes that were made at the same time may have been made in either order", () => {
    const together = [give(1000, "user", { answeredAt: 1500 }), give(1200, "admin", { answeredAt: 1600 })];
    for (const role of ["user", "admin"]) expect(judged(shared, ...together, use(9000, role), use(70_000, role)).verdict).toBe("holds");
  });
});

test("what was begun in the same millisecond in which something else was over may have come first", () => {
  const after = [use(200, "auditor"), use(70_000, "auditor")];
  expect(judged(alike, use(110, "none"), ...after).verdict).toBe("holds");
  expect(judged(alike, use(111, "none"), ...after).verdict).toBe("violated");
  const ended = end(1000);
  expect(judged(alike, ended, use(990, "none"), use(70_000, "none")).verdict).toBe("holds");
  expect(judged(alike, ended, use(989, "none"), use(70_000, "none")).verdict).toBe("violated");
  const turned = (at: number) => judged(shared, give(1000, "user"), give(at, "admin"), use(9000, "user"), use(70_000, "user")).verdict;
  expect([turned(1010), turned(1011)]).toEqual(["holds", "violated"]);
});

test("records without keys, or without another instance or a kill, decide nothing", () => {
  for (const check of [alike, shared]) {
    expect(check(given([])).verdict).toBe("inconclusive");
    expect(judged(check, use(70_000, "auditor", "k", { by: "api-1" }), use(200, "auditor", "k", { by: "api-1" })).verdict).toBe("inconclusive");
    expect(judged(check, use(200, "auditor")).summary).toContain("after the instance that wrote had been killed");
    expect(check(evidence({ operations: usual })).verdict).toBe("out of reach");
  }
});

/** Roles and keys as a correct target keeps them: copies live for the bound, and an unknown outcome happened, or did not, or does so later. */
function lived(seed: number): {
  readonly operations: Operation[];
  readonly changes: readonly (readonly [at: number, role: string])[];
  readonly now: number;
} {
  const random = seeded(seed);
  const operations: Operation[] = [make(2, "k")];
  const changes: (readonly [number, string])[] = [[0, "auditor"]];
  let now = 100;
  operations.unshift(give(-20, "auditor", { answeredAt: 0 }));
  for (let i = 0; i < 25; i++) {
    now += random.integer(50, 1500);
    if (random.next() < 0.3) {
      const role = random.pick(names.roles);
      const isKnown = random.next() < 0.6;
      if (isKnown || random.next() < 0.5) changes.push([now + random.integer(0, isKnown ? 10 : 4000), role]);
      operations.push(give(now, role, isKnown ? {} : unknown));
      now += 10;
    } else {
      const copiedAt = now - random.integer(0, boundMs);
      const role =
        changes
          .filter(([at]) => at <= copiedAt)
          .sort(([a], [b]) => a - b)
          .at(-1)?.[1] ?? "auditor";
      operations.push(random.next() < 0.5 ? use(now, role) : enter(now, names.allowed.includes(role) ? "yes" : "no"));
    }
  }
  return { operations, changes, now };
}

test("whoever keeps copies for the bound is never accused, and a role of long ago always is", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { operations, now } = lived(seed);
      const all = operations.map((one, index) => ({ ...one, index }));
      expect(shared(given(seeded(seed, "order").shuffle(all))).verdict).not.toBe("violated");
      expect(alike(given(all)).verdict).not.toBe("violated");
      const later = now + 10_000;
      const settled = [...all, give(later, "user"), use(later + boundMs + 100, "user")];
      expect(shared(given(settled)).verdict).not.toBe("violated");
      if (all.some(({ f, outcome }) => f === "give" && outcome === "info")) return;
      expect(shared(given([...settled, use(later + boundMs + 100, "admin")])).verdict).toBe("violated");
    }),
  );
});

test("a lag of another time hides no miss: a key and a role that are gone by long after", () => {
  const elsewhere = lateElsewhere(9000, 95_000, 20_000);
  expect(alike(given([...usual, end(1000), use(9000, "auditor"), use(70_000, "none")], elsewhere))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("7990 ms before"),
  });
  expect(shared(given([...usual, give(1000, "user"), use(9000, "auditor"), use(70_000, "user")], elsewhere))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("7990 ms before"),
  });
});
