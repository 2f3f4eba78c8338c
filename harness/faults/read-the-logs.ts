import type { Instance } from "../drivers/stack.ts";
import type { Fault } from "./fault.ts";

interface Found {
  readonly lines: number;
  /** Where a line of another shape stands. */
  readonly odd: readonly string[];
  /** How often the texts of `list` stand in the lists of that name, over all instances. */
  readonly listed: readonly string[];
}

export default {
  what: "No disturbance but a look: whether every line that instances logged is one JSON object with the texts `fields` (separated by spaces), and what stands in the lists named `list`.",
  prepare({ stack, options }) {
    const instances = stack.instances();
    const fields = String(options.fields).split(" ");
    const list = String(options.list ?? "");
    let found: readonly Found[] = [];
    const sum = (of: (one: Found) => number): number => found.reduce((total, one) => total + of(one), 0);
    return {
      on: "logs",
      working: () => instances.map(({ name }) => name),
      async inject() {
        found = await Promise.all(instances.map((instance) => read(instance, fields, list)));
      },
      async bites() {
        if (found.some(({ lines }) => lines === 0)) return undefined;
        const odd = found.flatMap((one) => one.odd);
        return `${sum(({ lines }) => lines)} lines${odd.length > 0 ? `; of another shape: ${odd.slice(0, 5).join(", ")}` : ""}`;
      },
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers() {
        const listed = found.flatMap((one) => one.listed);
        return {
          lines: sum(({ lines }) => lines),
          oddLines: sum(({ odd }) => odd.length),
          ...(list === "" ? {} : { listed: listed.length, listedOnce: new Set(listed).size }),
        };
      },
    };
  },
} satisfies Fault;

async function read(instance: Instance, fields: readonly string[], list: string): Promise<Found> {
  // What follows the last end of a line is being written.
  const lines = (await instance.log()).split("\n").slice(0, -1);
  const parsed = lines.map(objectIn);
  const odd = parsed.flatMap((object, i) =>
    fields.every((field) => typeof object?.[field] === "string") ? [] : [`line ${i + 1} of ${instance.name}`],
  );
  const listed = parsed.flatMap((object) => (Array.isArray(object?.[list]) ? (object[list] as unknown[]).map(String) : []));
  return { lines: lines.length, odd, listed };
}

function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
