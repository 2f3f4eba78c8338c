import { edgesMatching, type Fault } from "./fault.ts";

export default {
  what: "A black hole on the edges between instances and a dependency: connections stay open, nothing passes in either direction.",
  prepare({ stack, ledger, on }) {
    const edges = edgesMatching(stack, on);
    const victims = [...new Set(edges.map((edge) => edge.name.split("->")[0] ?? ""))];
    const answering = async (withinMs: number): Promise<readonly string[]> => {
      const answers = await Promise.all(edges.map((edge) => edge.answers(withinMs)));
      return edges.filter((_, i) => answers[i]).map((edge) => edge.name);
    };
    return {
      on,
      working: () => victims.flatMap((victim) => ledger.working(victim)),
      inject: async () => void (await Promise.all(edges.map((edge) => edge.blackHole()))),
      bites: async () =>
        (await answering(400)).length === 0 ? `no answer within 400 ms through ${edges.map((edge) => edge.name).join(", ")}` : undefined,
      heal: async () => void (await Promise.all(edges.map((edge) => edge.clear()))),
      healed: async () =>
        (await answering(1000)).length === edges.length ? `answers again through ${edges.map((edge) => edge.name).join(", ")}` : undefined,
    };
  },
} satisfies Fault;
