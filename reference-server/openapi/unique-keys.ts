/** JSON bodies in which a name occurs twice: readers disagree about which one counts, so nobody should act on them. */

/** Names in the text: each is followed by the only colons that stand outside strings. */
function countNames(text: string): number {
  let names = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x3a) names += 1;
  }
  return names;
}

/** Names in the value, where each is kept once. Without recursion: a body may be nested as deeply as its length allows. */
function countKeys(value: unknown): number {
  let keys = 0;
  const unseen = [value];
  while (unseen.length > 0) {
    const next = unseen.pop();
    if (typeof next !== "object" || next === null) continue;
    const children = Object.values(next);
    if (!Array.isArray(next)) keys += children.length;
    for (const child of children) if (typeof child === "object") unseen.push(child);
  }
  return keys;
}

/** True when no object of the text, which is valid JSON and means `value`, has a name twice. */
export function hasUniqueKeys(text: string, value: unknown): boolean {
  return countNames(text) === countKeys(value);
}
