import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReliabilityBin } from '../../domain/evaluate/segmentation/reliability.js';
import { fixturesFolder } from './paths.js';

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

interface StoredCase extends Line {
  readonly name: string;
  readonly truth: string;
  readonly predicted: string;
  readonly bins: readonly ReliabilityBin[];
  /** Of the slope. */
  readonly standardError: number;
}

const { cases, grouped } = JSON.parse(
  readFileSync(join(fixturesFolder, 'calibration', 'recalibration.json'), 'utf8'),
) as {
  readonly cases: readonly StoredCase[];
  readonly grouped: Line & {
    readonly groups: readonly { readonly logOdds: number; readonly voxels: number; readonly truth: number }[];
  };
};

/** Voxels, their reliability by NumPy, and lines of recalibration over single voxels by SciPy; make.py beside the file made them. */
export const calibrationReferences = {
  grouped,
  cases: cases.map(({ truth, predicted, ...one }) => ({
    ...one,
    truth: new Uint8Array(Buffer.from(truth, 'base64')),
    predicted: new Float32Array(new Uint8Array(Buffer.from(predicted, 'base64')).buffer),
  })),
};
