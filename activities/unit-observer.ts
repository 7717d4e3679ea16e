import type { FailureKind } from '../contracts/failures.js';

/** One attempt at a unit, as its worker sees it. */
export interface ObservedUnit {
  readonly step: string;
  readonly unit: string;
  readonly key: string;
  /** What stands for its data set in Temporal, if it has one. */
  readonly dataSet: string | undefined;
  /** From 1. */
  readonly attempt: number;
}

export type UnitEnd =
  | { readonly result: 'computed' | 'cached' }
  | {
      readonly result: 'failed';
      readonly kind: FailureKind;
      /** Whether the engine tries it again. */
      readonly retried: boolean;
      /** Its message may name files and cases. */
      readonly error: unknown;
    };

/** Is told what becomes of a worker's units: its metrics and its log are. */
export interface UnitObserver {
  /** `queueSeconds` is how long the attempt has waited for a worker. */
  began(unit: ObservedUnit, queueSeconds: number): void;
  ended(unit: ObservedUnit, end: UnitEnd, seconds: number): void;
  /** A record of a failure could not be written. */
  unrecorded(unit: string, error: unknown): void;
}
