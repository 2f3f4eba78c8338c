/** What a manifest tells an autoscaler of its haste: `spec.behavior` of its HorizontalPodAutoscaler. */
import { parseAllDocuments } from "yaml";
import { type Direction, type ScalingPolicy, type ScalingRules, usualRules } from "../../core/scaling-rules.ts";

interface Behaviour {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: string;
  readonly policies?: readonly { readonly type: string; readonly value: number; readonly periodSeconds: number }[];
}

const types: Readonly<Record<string, ScalingPolicy["of"]>> = { Pods: "pods", Percent: "percent" };
const selections: Readonly<Record<string, ScalingRules["select"]>> = { Max: "most", Min: "least", Disabled: "disabled" };
/** What is understood here; a manifest that says more of a direction is another autoscaler than the one that is replayed. */
const known: readonly string[] = ["stabilizationWindowSeconds", "selectPolicy", "policies"];

/** The rules of a direction, as usual where the manifest does not say otherwise. @throws where it has no autoscaler, or says what a cluster or this module does not take */
export function rulesIn(manifest: string, direction: Direction): ScalingRules {
  const documents = parseAllDocuments(manifest).map(
    (one) => one.toJS() as { readonly kind?: string; readonly spec?: Readonly<Record<string, unknown>> },
  );
  const autoscaler = documents.find((one) => one?.kind === "HorizontalPodAutoscaler");
  if (!autoscaler) throw new Error("The manifest was expected to hold a HorizontalPodAutoscaler, and does not.");
  const behavior = autoscaler.spec?.behavior as Readonly<Record<string, Behaviour>> | undefined;
  const said = behavior?.[direction === "up" ? "scaleUp" : "scaleDown"] ?? {};
  const strange = Object.keys(said).filter((name) => !known.includes(name));
  if (strange.length > 0) throw new Error(`The autoscaler's behaviour going ${direction} says ${strange.join(", ")}, which is not replayed.`);
  const usual = usualRules[direction];
  const select = said.selectPolicy === undefined ? usual.select : selections[said.selectPolicy];
  const policies =
    said.policies?.map(({ type, value, periodSeconds }) => ({ of: types[type], value, periodMs: 1000 * periodSeconds })) ?? usual.policies;
  const stabilisationMs = said.stabilizationWindowSeconds === undefined ? usual.stabilisationMs : 1000 * said.stabilizationWindowSeconds;
  const taken = policies.length > 0 && policies.every(({ of, value, periodMs }) => of && value > 0 && periodMs > 0 && periodMs <= 1_800_000);
  if (!select || !taken || !(stabilisationMs >= 0 && stabilisationMs <= 3_600_000))
    throw new Error(`The autoscaler's behaviour going ${direction} is one that no cluster takes: ${JSON.stringify(said)}.`);
  return { stabilisationMs, policies: policies as readonly ScalingPolicy[], select };
}
