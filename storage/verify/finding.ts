/** Something in a data folder that is not as it was recorded. */
export interface Finding {
  readonly about:
    'log' | 'record' | 'index' | 'object' | 'sweep' | 'report' | 'checkpoint' | 'summary' | 'input' | 'unit';
  /** The damaged file; relative to the data folder if it is in there. */
  readonly path: string;
  /** Of the log. */
  readonly line?: number;
  readonly problem: string;
  /** What the file belongs to: units, each with the name of the file in its result. */
  readonly of: readonly string[];
  /** Units whose results were computed from it. */
  readonly dependents: readonly string[];
  /** Sweeps that need it. */
  readonly sweeps: readonly string[];
  /** Of a part of a result: the index records of that result, which counts as missing without them. */
  readonly indexRecords?: readonly string[];
  /** Whether `--repair` can put it aside, so that the next run makes it again. */
  readonly repairable: boolean;
}
