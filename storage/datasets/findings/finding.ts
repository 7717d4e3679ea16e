/** A fault of a data set (error), or something to know about it (warning). */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** Undefined if the finding concerns the data set as a whole. */
  readonly case?: string;
  readonly message: string;
}

/** The first names, and how many more there are. */
export function listOf(names: readonly string[]): string {
  const more = names.length > 6 ? ` and ${names.length - 6} more` : '';
  return names.slice(0, 6).join(', ') + more;
}
