import type { RandomStream } from '../../../../domain/random/random-stream.js';
import type { BootstrapEstimate } from '../../../../domain/statistics/bootstrap-estimate.js';
import { pairedBootstraps, type IntervalKind } from '../../../../domain/statistics/paired-bootstrap.js';

/** The paired bootstrap of one quantity alone. */
export function bootstrapOfOne({
  differences,
  confidence = 0.95,
  ...options
}: {
  readonly differences: ArrayLike<number>;
  readonly groups: readonly string[];
  readonly resamples: number;
  readonly random: RandomStream;
  readonly confidence?: number;
  readonly intervalKind?: IntervalKind;
}): BootstrapEstimate {
  const [estimate] = pairedBootstraps({ columns: [differences], confidence, ...options });
  if (estimate === undefined) throw new Error('one column has no estimate');
  return estimate;
}
