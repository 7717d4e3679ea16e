import { metrics } from '../evaluate/metrics.js';
import type { SegmentationScores } from '../evaluate/segmentation/score-segmentation.js';
import { randomStream } from '../random/random-stream.js';
import type { BootstrapEstimate } from '../statistics/bootstrap-estimate.js';
import { pairedBootstraps } from '../statistics/paired-bootstrap.js';
import { enoughParticipants } from './enough-participants.js';

/** Of every test of `volbias evaluate`: as a config has them by default. */
export const bootstrap = { resamples: 10_000, confidence: 0.95, seed: 1 } as const;

/** The random numbers of these tests: the same for each call, as a data set's in the pipeline. */
const bootstrapStream = () => randomStream(bootstrap.seed, 'evaluate', 'bootstrap');

/** A mean volume error over cases, tested against 0 as the pipeline does, conditional on the network that predicted them. */
export interface VolumeErrorTest {
  /** In the cases' unit. */
  readonly mean: number;
  readonly cases: number;
  readonly conditional: Pick<BootstrapEstimate, 'interval' | 'pValue'>;
  /** Never with fewer than `enoughParticipants` cases. */
  readonly significant: boolean;
}

/** Soft: of the probabilities. Thresholded: of the masks. */
export type VolumeErrorTests = Readonly<Record<'volumeError' | 'volumeErrorThresholded', VolumeErrorTest>>;

/**
 * Tests the mean volume errors of cases that a network has predicted without having seen them. Each case counts as a participant
 * of its own. What needs folds is left out: the test that includes the training, and equivalence, which is part of it.
 *
 * Null for fewer than two cases, and for volumes in different units.
 */
export function volumeErrorTests(
  cases: readonly (SegmentationScores & { readonly case: string })[],
): VolumeErrorTests | null {
  if (cases.length < 2 || new Set(cases.map(({ unit }) => unit)).size > 1) return null;
  const valuesOf = (name: keyof VolumeErrorTests): Float64Array =>
    Float64Array.from(cases, (one) => metrics[name].valueOf({ ...one, unpredictableVolume: 0 }));
  const [soft, hard] = pairedBootstraps({
    columns: [valuesOf('volumeError'), valuesOf('volumeErrorThresholded')],
    groups: cases.map((one) => one.case),
    resamples: bootstrap.resamples,
    random: bootstrapStream(),
    confidence: bootstrap.confidence,
  }).map(testOf) as [VolumeErrorTest, VolumeErrorTest]; // one for each column
  return { volumeError: soft, volumeErrorThresholded: hard };
}

function testOf({ mean, cases, interval, pValue }: BootstrapEstimate): VolumeErrorTest {
  const significant = cases >= enoughParticipants && pValue < 1 - bootstrap.confidence;
  return { mean, cases, conditional: { interval, pValue }, significant };
}
