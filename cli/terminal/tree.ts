/** A line of a tree, and the lines under it. */
export interface Branch {
  readonly text: string;
  readonly below?: readonly Branch[];
}

/** The lines of a tree, drawn with box characters. */
export function treeLines(branches: readonly Branch[], indent = ''): string[] {
  return branches.flatMap(({ text, below = [] }, index) => {
    const isLast = index === branches.length - 1;
    const own = `${indent}${isLast ? '└─' : '├─'} ${text}`;
    return [own, ...treeLines(below, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}

/** Longer lists are cut on a terminal; `--json` has all of them. */
const mostItems = 12;

/** The first branches, and how many there are besides. */
export function cut(branches: readonly Branch[]): Branch[] {
  if (branches.length <= mostItems) return [...branches];
  return [...branches.slice(0, mostItems - 1), { text: `… and ${branches.length - mostItems + 1} more (--json)` }];
}
