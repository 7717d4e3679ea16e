/**
 * Labels for BIDS entities such as `sub-<label>`, which may have letters and digits only: each name without `sub-` and all other
 * characters. Labels differ ignoring case, for disks that do. Of names with the same label, one that is a label already keeps
 * it, before one that is so but for `sub-`, before the first in order of names; the others have `x2`, `x3`, … behind theirs.
 */
export function bidsLabels(names: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(names)].sort();
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  const take = (name: string, label: string): void => {
    taken.add(label.toLowerCase());
    labels.set(name, label);
  };
  for (const name of sorted.toSorted((a, b) => changesOf(a) - changesOf(b))) {
    const label = plainLabel(name);
    if (!taken.has(label.toLowerCase())) take(name, label);
  }
  for (const name of sorted.filter((one) => !labels.has(one))) {
    let label = plainLabel(name);
    for (let count = 2; taken.has(label.toLowerCase()); count++) label = `${plainLabel(name)}x${count}`;
    take(name, label);
  }
  return labels;
}

function plainLabel(name: string): string {
  return name.replace(/^sub-/, '').replace(/[^0-9a-zA-Z]/g, '') || 'x';
}

/** 0: the name is a label. 1: without `sub-` it is. 2: its label has lost other characters too. */
function changesOf(name: string): 0 | 1 | 2 {
  const label = plainLabel(name);
  return name === label ? 0 : name === `sub-${label}` ? 1 : 2;
}
