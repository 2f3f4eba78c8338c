/**
 * Settings as an option names them: NAME=value, one after another.
 * @param between what stands between two of them; a value may hold anything else, equals signs too
 */
export function settingsIn(text: string, between: " " | ","): Record<string, string> {
  const each = text.split(between).filter(Boolean);
  return Object.fromEntries(each.map((one) => one.split(/=(.*)/s).slice(0, 2) as [name: string, value: string]));
}
