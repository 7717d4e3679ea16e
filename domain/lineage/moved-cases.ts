/**
 * Cases that two splits hold out with other cases, among those that both have, sorted. Folds have no identity of their own,
 * so two splits that only number them differently are the same.
 */
export function movedCases(before: readonly (readonly string[])[], now: readonly (readonly string[])[]): string[] {
  const common = new Set(before.flat());
  const both = new Set(now.flat().filter((id) => common.has(id)));
  const companions = (folds: readonly (readonly string[])[]): Map<string, string> => {
    const entries = folds.flatMap((fold) => {
      const own = fold.filter((id) => both.has(id)).sort();
      return own.map((id) => [id, JSON.stringify(own)] as const);
    });
    return new Map(entries);
  };
  const [old, own] = [companions(before), companions(now)];
  return [...both].filter((id) => old.get(id) !== own.get(id)).sort();
}
