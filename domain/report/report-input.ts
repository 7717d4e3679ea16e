import type { Results } from '../results/results.js';
import type { MethodsConfig } from './words/methods-config.js';

/** A numeric environment, and how many units of each step were computed in it. */
export interface Machine {
  readonly made: readonly { readonly step: string; readonly units: number }[];
  /** Versions, devices, threads: whatever numbers depend on. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Everything that a report says; each of its files is a pure function of it. */
export interface ReportInput {
  readonly title: string;
  readonly sweepId: string;
  readonly results: Results;
  readonly config: MethodsConfig;
  /** The machines that computed, each with what it made. */
  readonly machines: readonly Machine[];
  readonly digests: readonly { readonly name: string; readonly digest: string }[];
  /** The command that computes the gaps again. */
  readonly rerunCommand?: string;
}
