import { firstTen } from '../report/words/format-number.js';

/** Something that a user should know of some cases, although they can be used; of the data set as a whole without any. */
export interface CaseWarning {
  readonly warning: string;
  readonly cases: readonly string[];
}

/** Collects warnings: what several cases have in common is said once. */
export class CaseWarnings {
  private readonly found = new Map<string, string[]>();

  add(warning: string, ...cases: readonly string[]): void {
    this.found.set(warning, [...(this.found.get(warning) ?? []), ...cases]);
  }

  list(): CaseWarning[] {
    return [...this.found].map(([warning, cases]) => ({ warning, cases }));
  }
}

/**
 * `its spacing is 60×60×60 mm (T1) (a, b)`: one line for each warning. Warnings that differ in their numbers alone are one
 * line too, which quotes the first.
 */
export function warningLines(warnings: readonly CaseWarning[]): string[] {
  const alike = new Map<string, CaseWarning[]>();
  for (const one of warnings) {
    const form = one.warning.replace(/\d+([.,]\d+)?(e[+-]?\d+)?/g, '0');
    alike.set(form, [...(alike.get(form) ?? []), one]);
  }
  return [...alike.values()].map(([first, ...others]) => {
    const { warning, cases } = first as CaseWarning; // no group is empty
    const rest = others.flatMap((one) => one.cases);
    if (cases.length + rest.length === 0) return warning;
    return `${warning} (${firstTen(cases)}${rest.length === 0 ? '' : `; with other numbers in ${firstTen(rest)}`})`;
  });
}
