/**
 * Adds to `counts` how many voxels have each finite value; false, with some counted, once there are more than `most` different
 * ones. Masks are runs of equal values, so the map is asked once for each.
 */
export function countValues(values: ArrayLike<number>, counts: Map<number, number>, most = Infinity): boolean {
  for (let start = 0, end = 0; start < values.length; start = end) {
    const value = values[start] as number; // in range
    while (end < values.length && (values[end] === value || end === start)) end++;
    if (Number.isFinite(value)) counts.set(value, (counts.get(value) ?? 0) + end - start);
    if (counts.size > most) return false;
  }
  return true;
}
