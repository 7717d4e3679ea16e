/** What a failure was, as far as advice depends on it. */
interface FailureOfKind {
  readonly kind: string;
}

/** Failures that come again whatever is tried, and the setting or file to change instead. */
const remedies: Readonly<Record<string, string>> = {
  DataInvalid: 'Repair what is named, be it files or the settings of the data set; then run the config again.',
  ConfigInvalid: 'Change the setting that is named; then run the config again.',
  Diverged:
    'The same training diverges again: lower training.learningRate of the model; then run the config again, which computes only what the change concerns.',
};

/** Whether the same work may succeed if it is simply done again. */
export function mayRerun({ kind }: FailureOfKind): boolean {
  return remedies[kind] === undefined;
}

/** A sentence for each kind of failure that running again cannot help, in a fixed order. */
export function remediesFor(failures: readonly FailureOfKind[]): string[] {
  return Object.entries(remedies).flatMap(([kind, remedy]) =>
    failures.some((failure) => failure.kind === kind) ? [remedy] : [],
  );
}
