/** Where the instances of a region find what they depend on. Postgres has one primary, in the first region; everything else is their own. */

/** host:port each. */
export interface Dependencies {
  readonly redis: string;
  /** A standby that follows from afar, to read from; absent where the primary is. */
  readonly replica?: string;
}

/** Throws an Error when there is no such region. */
export function dependenciesOf(region: string, regions: ReadonlyMap<string, Dependencies>): Dependencies {
  const own = regions.get(region);
  if (!own) throw new Error(`There is no region "${region}". There are: ${[...regions.keys()].join(", ")}.`);
  return own;
}
