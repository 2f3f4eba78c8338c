/** HS-20: instances that are started at once, with nothing in the database yet, all come up: whoever makes the tables keeps the others waiting, and ends none of them. */
import { type Checker, conclude } from "../core/verdict.ts";
import { at } from "./judge.ts";

/** The source of the sample that tells of it: `together`, how many there were, and a 1 under the name of each that ended and came up when it was started again alone. */
export const firstStart = "first start";

/** Of two instances and more that were started at once none ended by itself. */
export const startedAtOnce: Checker = ({ samples }) => {
  const look = samples.find(({ source }) => source === firstStart);
  const { together = 0, ...rest } = look?.values ?? {};
  const ended = Object.keys(rest);
  const text = {
    holds: `All ${together} instances that were started at once with an empty database came up.`,
    nothing: "No two instances were started at once with an empty database.",
  };
  const found =
    look && ended.length > 0
      ? [
          {
            time: look.time,
            text: `of ${together} instances that were started at once with an empty database, ${ended.join(", ")} ended, and came up when ${ended.length === 1 ? "it was" : "they were"} started again alone (by ${at(look.time)}).`,
          },
        ]
      : [];
  return conclude("instances that start at once come up", together > 1 ? together : 0, found, text, {
    startedAtOnce: together,
    endedByThemselves: ended.length,
  });
};
