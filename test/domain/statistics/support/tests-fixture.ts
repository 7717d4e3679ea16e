import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixturesFolder } from '../../../support/paths.js';

interface FoldedValues {
  readonly values: number[];
  readonly fold: number[];
  readonly margin: number;
  readonly pValue: number;
  readonly equivalencePValue: number;
}

/** What SciPy, statsmodels and NumPy compute; made by make_tests_reference.py beside the file. */
export const reference = JSON.parse(readFileSync(join(fixturesFolder, 'statistics', 'tests.json'), 'utf8')) as {
  readonly student: Readonly<Record<'cdf' | 'twoSided' | 'quantile', [number, number, number][]>>;
  readonly normal: Readonly<Record<'cdf' | 'quantile', [number, number][]>>;
  readonly equalFolds: FoldedValues & {
    readonly interval95: [number, number];
    readonly interval90: [number, number];
  };
  readonly unequalFolds: FoldedValues & {
    readonly participant: string[];
    readonly strata: Readonly<Record<string, number>>;
    readonly stratified: Readonly<Record<'standardError' | 'foldShare' | 'skewness' | 'pValue', number>>;
    readonly mean: number;
    readonly standardError: number;
    readonly degreesOfFreedom: number;
    readonly skewness: number;
    readonly interval: [number, number];
  };
  readonly holm: { readonly pValues: number[]; readonly adjusted: number[] }[];
  readonly bca: {
    readonly values: number[];
    readonly groups: string[];
    readonly indices: number[][];
    readonly confidence: number;
    readonly interval: [number, number];
  }[];
};

/** Equal up to a relative error of 1e-12. */
export function assertEqualNumber(value: number, expected: number, what = ''): void {
  const scale = Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert.ok(Math.abs(value - expected) <= 1e-12 * scale, `${what}: ${String(value)} instead of ${String(expected)}`);
}
