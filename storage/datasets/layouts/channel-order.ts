/** Channel names from dataset.json's object of number → name, in the order of the numbers. */
export function channelOrder(names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => name);
}
