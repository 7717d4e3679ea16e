import type { Triple } from '../../../domain/image/grid.js';
import type { ResamplingConvention } from '../../../domain/preprocess/resampled-axis.js';
import { imageReference } from './image-fixtures.js';

/** A mask on another grid, and a map and its mask on the way back. Arrays are x fastest. */
interface CoverageReference {
  readonly resampling: ResamplingConvention;
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly mask: readonly number[];
  readonly newShape: Triple;
  readonly coverage: readonly number[];
  /** The mask that keeps the volume. */
  readonly kept: readonly number[];
  readonly prediction: readonly number[];
  readonly back: readonly number[];
  /** Of the predictions above one half. */
  readonly maskBack: readonly number[];
  readonly outside: number;
}

/** By name; written by test/fixtures/images/make_coverage.py. */
export const coverageReferences = Object.entries(imageReference<CoverageReference>('coverage.json'));
