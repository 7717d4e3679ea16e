import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { reliabilityOf } from '../../../domain/evaluate/segmentation/reliability.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import type { TrainingReliability } from '../../../domain/results/results-input.js';

/**
 * A thousand voxels of each training that the rows are from: true probabilities are uniform; cross-entropy predicts them, soft
 * Dice makes them extreme (log-odds eight times as large, so its slope is an eighth).
 */
export function syntheticReliabilities(rows: readonly ReportedRow[]): TrainingReliability[] {
  const trainings = new Map(
    rows.map((row) => [`${row.dataSet} ${row.model} ${row.loss} ${row.fold} ${row.repeat}`, row]),
  );
  return [...trainings].map(([name, { dataSet, model, loss, fold, repeat }]) => {
    const random = randomStream('reliability', name);
    const probabilities = Array.from({ length: 1000 }, () => random.uniformBetween(0.02, 0.98));
    const sharpness = loss === 'sd' ? 8 : 1;
    const voxels = {
      truth: Uint8Array.from(probabilities, (p) => (random.uniformBetween(0, 1) < p ? 1 : 0)),
      predicted: Float32Array.from(probabilities, (p) => 1 / (1 + ((1 - p) / p) ** sharpness)),
      predictable: new Uint8Array(1000).fill(1),
    };
    return { dataSet, model, loss, fold, ...(repeat !== undefined && { repeat }), ...reliabilityOf(voxels) };
  });
}
