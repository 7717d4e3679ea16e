import type { ExcludedCase } from '../../steps/provenance/excluded-cases.js';

/** A line for each faulty case that a sweep has left out. */
export function excludedLines(excluded: readonly ExcludedCase[]): string[] {
  return excluded.map(({ dataSet, case: name, reason }) => `EXCLUDED ${dataSet}, case "${name}": ${reason}`);
}
