/** Where a target's settings come from, and which of the places counts where there are several (HS-19). Pure. */

/** What each place is, in words. */
export const places = {
  environment: "the environment",
  "environment-file": "a file that the environment names",
  "empty-variable": "an empty variable of the environment",
  "lost-file": "a file that is not there and that the environment names",
  dotenv: "the .env file",
  "dotenv-file": "a file that the .env file names",
} as const;

export type Place = keyof typeof places;

/** A setting whose values a file may hold, and one without secrets, each in some places at once. */
export interface Given {
  readonly secret: readonly Place[];
  readonly plain: readonly Place[];
}

const both = ["environment", "dotenv"] as const;

/** Every place alone, every pair of them, and what is no value. */
export const allGiven: readonly Given[] = [
  { secret: ["environment"], plain: ["environment"] },
  { secret: ["environment-file"], plain: ["environment"] },
  { secret: ["dotenv"], plain: ["dotenv"] },
  { secret: ["dotenv-file"], plain: ["dotenv"] },
  { secret: ["environment", "dotenv"], plain: both },
  { secret: ["environment", "dotenv-file"], plain: both },
  { secret: ["environment-file", "dotenv"], plain: both },
  { secret: ["environment-file", "dotenv-file"], plain: both },
  { secret: ["empty-variable", "dotenv"], plain: ["empty-variable", "dotenv"] },
  { secret: ["empty-variable", "dotenv-file"], plain: ["empty-variable", "dotenv"] },
  { secret: ["environment", "environment-file"], plain: ["environment"] },
  { secret: ["dotenv", "dotenv-file"], plain: ["environment"] },
  { secret: ["lost-file"], plain: ["environment"] },
];

/** The place whose value counts; undefined: nobody can know which was meant, and the target is to say so and not to start. */
export function placeThatCounts(given: readonly Place[]): Place | undefined {
  const has = (place: Place): boolean => given.includes(place);
  const isTwice = (has("environment") && has("environment-file")) || (has("dotenv") && has("dotenv-file"));
  if (isTwice || has("lost-file")) return undefined;
  const order = ["environment", "environment-file", "dotenv", "dotenv-file"] as const;
  return order.find(has);
}
