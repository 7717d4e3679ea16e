import { parseUnitName } from '../domain/plan/unit-name.js';
import type { TrainingCurve } from '../domain/report/learning/training-curve.js';
import { parsed } from '../storage/files/parsed.js';
import type { SummaryOf } from './step.js';
import type { StepInput } from './step-inputs.js';
import { trainingFiles, trainingHistory, type train } from './train.js';
import { placeOf } from './unit-sources.js';

/** The learning curve of each training, in the order of the plan. */
export async function curvesOf(trained: readonly StepInput<SummaryOf<typeof train>>[]): Promise<TrainingCurve[]> {
  const curves: TrainingCurve[] = [];
  for (const { unit, summary, ...training } of trained) {
    const { coordinates = {} } = parseUnitName(unit) ?? {};
    const history = parsed(trainingHistory, await training.file(trainingFiles.history), `history of ${unit}`);
    const { bestEpoch, stoppedBecause } = summary;
    const place = { dataSet: coordinates.dataSet ?? '', ...placeOf.armFold(coordinates) };
    curves.push({ ...place, unit, history, bestEpoch, stoppedBecause });
  }
  return curves;
}
