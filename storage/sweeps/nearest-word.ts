/** Most letters to change, insert, leave out or swap in what is meant to be another word. */
const mostChanges = 2;

/** A shorter part of a word is in too many others. */
const shortestPart = 4;

/**
 * The word that takes the fewest changes, or else the only one of which it is a part; undefined if the changes are too many,
 * or half of the letters.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const changes = (other: string): number => changesBetween(word.toLowerCase(), other.toLowerCase());
  const [best] = [...known].sort((a, b) => changes(a) - changes(b));
  if (best === undefined) return undefined;
  const least = changes(best);
  if (least <= mostChanges && 2 * least < Math.max(word.length, best.length)) return best;
  const wholes = known.filter((one) => one.toLowerCase().includes(word.toLowerCase()));
  return word.length >= shortestPart && wholes.length === 1 ? wholes[0] : undefined;
}

/** The number of letters to change, insert, leave out or swap with their neighbour (optimal string alignment). */
function changesBetween(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swapped));
    }
  }
  return at(from.length, to.length);
}
