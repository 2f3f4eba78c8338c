/** Which addresses were answered by which instances, before one of these died and after. */

/** Who answered each address; "" where nobody did. */
export type Answers = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * `wandered`: addresses that were answered by several instances or not each time while all lived; they have no home. Of those that have one: `lost`, whose home is the
 * victim, and `lostUnanswered`, who were not answered each time after its death; `others`, and `othersMoved`, who were not answered by their home each time.
 */
export function homesOf(before: Answers, after: Answers, victim: string): Readonly<Record<string, number>> {
  const homes = [...before].flatMap(([address, by]) => {
    const [home = ""] = by;
    return by.size === 1 && home !== "" ? [{ address, home }] : [];
  });
  const lost = homes.filter(({ home }) => home === victim);
  const others = homes.filter(({ home }) => home !== victim);
  const stayed = ({ address, home }: (typeof homes)[number]): boolean => after.get(address)?.size === 1 && after.get(address)?.has(home) === true;
  return {
    addresses: before.size,
    instances: new Set(homes.map(({ home }) => home)).size,
    wandered: before.size - homes.length,
    lost: lost.length,
    lostUnanswered: lost.filter(({ address }) => after.get(address)?.has("")).length,
    others: others.length,
    othersMoved: others.filter((one) => !stayed(one)).length,
  };
}
