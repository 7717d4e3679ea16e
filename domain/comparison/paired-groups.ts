/**
 * The group of each pair of cases that are not independent: those that have the same participant in either sweep, directly or
 * through others. Groups have the name of one of their participants in the first sweep, whatever the order of the pairs.
 */
export function pairedGroups(pairs: readonly { readonly a: string; readonly b: string }[]): string[] {
  const parents = new Map<string, string>();
  const rootOf = (name: string): string => {
    const parent = parents.get(name) ?? name;
    return parent === name ? name : rootOf(parent);
  };
  for (const { a, b } of pairs) {
    // `a` sorts before `b`, so that a participant of the first sweep names the group.
    const [first = '', second = ''] = [rootOf(`a ${a}`), rootOf(`b ${b}`)].sort();
    parents.set(second, first);
  }
  return pairs.map(({ a }) => rootOf(`a ${a}`).slice(2));
}
