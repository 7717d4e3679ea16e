import type { Results } from '../results/results.js';
import type { MethodsConfig } from './words/methods-config.js';

/** Everything that a report says; each of its files is a pure function of it. */
export interface ReportInput {
  readonly title: string;
  readonly sweepId: string;
  readonly results: Results;
  readonly config: MethodsConfig;
  /** Versions, devices, threads: whatever the numbers depend on. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly digests: readonly { readonly name: string; readonly digest: string }[];
  /** The command that computes the gaps again. */
  readonly rerunCommand?: string;
}
