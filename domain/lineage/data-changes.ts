/** The cases of a scan, each with its participant and the digests of its files. */
export type CasesOfScan = ReadonlyMap<string, string>;

export interface DataChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Cases with another participant, or whose files have other bytes. */
  readonly changed: readonly string[];
}

/** How the cases of a data set differ, by id. */
export function dataChanges(before: CasesOfScan, now: CasesOfScan): DataChanges {
  return {
    added: [...now.keys()].filter((id) => !before.has(id)).sort(),
    removed: [...before.keys()].filter((id) => !now.has(id)).sort(),
    changed: [...now].flatMap(([id, files]) => (before.has(id) && before.get(id) !== files ? [id] : [])).sort(),
  };
}
