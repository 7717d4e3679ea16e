import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SegmentationMetrics } from '../../../domain/evaluate/segmentation/segmentation-metrics.js';
import type { Triple } from '../../../domain/image/grid.js';
import { fixturesFolder } from '../paths.js';

interface StoredCase {
  readonly name: string;
  readonly shape: Triple;
  readonly dimensions: 2 | 3;
  readonly spacingMm: Triple;
  readonly truth: string;
  readonly probabilities255: string;
  /** Also the numbers of lesions, which are no metrics. */
  readonly expected: Readonly<Record<keyof SegmentationMetrics, number | null>>;
}

const { toleranceMm, cases } = JSON.parse(
  readFileSync(join(fixturesFolder, 'segmentation', 'metrics.json'), 'utf8'),
) as { toleranceMm: number; cases: readonly StoredCase[] };

/** Masks, probabilities and their metrics by libraries; make.py beside the file made them. */
export const segmentationReferences = {
  toleranceMm,
  cases: cases.map(({ truth, probabilities255, ...one }) => ({
    ...one,
    truth: new Uint8Array(Buffer.from(truth, 'base64')),
    predicted: Float32Array.from(Buffer.from(probabilities255, 'base64'), (byte) => byte / 255),
  })),
};
