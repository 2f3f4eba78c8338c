import { expect, it } from "vitest";
import { usualRules } from "../../core/scaling-rules.ts";
import { rulesIn } from "./autoscaler-behaviour.ts";

const manifest = (behavior: string): string => `kind: Service
---
kind: HorizontalPodAutoscaler
spec:
  minReplicas: 3
${behavior}`;

it("is as usual where the manifest says nothing", () => {
  expect(rulesIn(manifest(""), "up")).toEqual(usualRules.up);
  expect(rulesIn(manifest(""), "down")).toEqual(usualRules.down);
});

it("reads each direction by itself, and what is not said of one is as usual", () => {
  const text = manifest(`  behavior:
    scaleUp:
      policies:
        - type: Pods
          value: 1
          periodSeconds: 300
        - { type: Percent, value: 50, periodSeconds: 60 }
      selectPolicy: Min
    scaleDown:
      selectPolicy: Disabled
      stabilizationWindowSeconds: 0
`);
  expect(rulesIn(text, "up")).toEqual({
    stabilisationMs: 0,
    policies: [
      { of: "pods", value: 1, periodMs: 300_000 },
      { of: "percent", value: 50, periodMs: 60_000 },
    ],
    select: "least",
  });
  expect(rulesIn(text, "down")).toEqual({ ...usualRules.down, stabilisationMs: 0, select: "disabled" });
});

it.each([
  ["no autoscaler", "kind: Service", "expected to hold a HorizontalPodAutoscaler"],
  ["what is not replayed", manifest("  behavior: { scaleUp: { tolerance: 0.5 } }"), "says tolerance, which is not replayed"],
  ["a policy of no type", manifest("  behavior: { scaleUp: { policies: [{ type: Nodes, value: 1, periodSeconds: 60 }] } }"), "no cluster takes"],
  ["no policy at all", manifest("  behavior: { scaleUp: { policies: [] } }"), "no cluster takes"],
  ["no such choice", manifest("  behavior: { scaleUp: { selectPolicy: Most } }"), "no cluster takes"],
])("throws at %s", (_what, text, message) => expect(() => rulesIn(text, "up")).toThrow(message));
