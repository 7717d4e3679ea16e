/**
 * Labels for BIDS entities such as `sub-<label>`, which may have letters and digits only: each name without `sub-` and all other
 * characters. Where two names would have the same label, the later in order of names has `x2`, `x3`, … behind its own.
 */
export function bidsLabels(names: Iterable<string>): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of [...new Set(names)].sort()) {
    const plain = name.replace(/^sub-/, '').replace(/[^0-9a-zA-Z]/g, '') || 'x';
    let label = plain;
    for (let count = 2; taken.has(label); count++) label = `${plain}x${count}`;
    taken.add(label);
    labels.set(name, label);
  }
  return labels;
}
