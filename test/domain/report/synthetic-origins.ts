import { digestOfJson } from '../../../domain/plan/key.js';
import { trainingPlace, unitId } from '../../../domain/plan/units.js';
import type { Origins, UnitOrigin } from '../../../domain/report/origins.js';
import type { ResultsInput } from '../../../domain/results/results-input.js';

function syntheticOrigin(unit: string): UnitOrigin {
  return { unit, key: digestOfJson(['key', unit]), digest: digestOfJson(['digest', unit]) };
}

/** The work behind the rows: a training and an evaluation for each arm, fold and repeat that has some. */
export function syntheticOrigins({ dataSets, rows }: ResultsInput): Origins {
  const places = new Map(
    rows.map(({ dataSet, model, loss, fold, repeat = 0 }) => {
      const place = { dataSet, model, loss, fold, repeat };
      return [JSON.stringify(place), place] as const;
    }),
  );
  return {
    specification: digestOfJson('specification'),
    dataSets: dataSets.map(({ name, cases }) => ({
      name,
      files: 2 * cases,
      units: ['scan', 'statistics', 'compare', 'split', 'join'].map((step) => syntheticOrigin(`${step} ${name}`)),
    })),
    trainings: [...places].sort().map(([, { fold, repeat, ...arm }]) => {
      const place = { ...arm, ...trainingPlace(fold, repeat) };
      return {
        ...{ ...arm, fold, repeat },
        evaluation: syntheticOrigin(unitId('evaluate', place)),
        training: { ...syntheticOrigin(unitId('train', place)), bestEpoch: fold + 1 },
      };
    }),
  };
}
