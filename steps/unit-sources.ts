import { modelNames, type DataSetConfig } from '../configs/config-schema.js';
import type { FanOut } from '../contracts/step-declaration.js';
import { DomainError } from '../domain/domain-error.js';
import type { UnitCoordinates } from '../domain/plan/units.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import type { Arm, Places, Sources } from './step.js';

/** What a unit's settings are selected from, by its step's fan-out. */
export const sourceOf: {
  readonly [F in FanOut]: (content: SweepContent, coordinates: UnitCoordinates) => Sources[F];
} = {
  sweep: (content) => content,
  dataSet: (content, coordinates) => ({ ...content, dataSet: dataSetAt(content, coordinates) }),
  shard: (content, coordinates) => ({ ...content, dataSet: dataSetAt(content, coordinates) }),
  armFold: (content, coordinates) => ({
    ...content,
    dataSet: dataSetAt(content, coordinates),
    arm: armAt(coordinates),
  }),
};

/** The part of a unit's coordinates that its implementation may see. */
export const placeOf: { readonly [F in FanOut]: (coordinates: UnitCoordinates) => Places[F] } = {
  sweep: () => ({}),
  dataSet: () => ({}),
  shard: ({ shard = 0 }) => ({ shard }),
  armFold: (coordinates) => ({ ...armAt(coordinates), fold: coordinates.fold ?? 0, repeat: coordinates.repeat ?? 0 }),
};

function dataSetAt({ config }: SweepContent, { dataSet: name = '' }: UnitCoordinates): DataSetConfig {
  const dataSet = config.dataSets.find((candidate) => candidate.name === name);
  if (dataSet === undefined) throw new DomainError('ARGUMENT_INVALID', `the sweep has no data set "${name}"`);
  return dataSet;
}

function armAt(coordinates: UnitCoordinates): Arm {
  const model = modelNames.find((name) => name === coordinates.model);
  if (model === undefined || coordinates.loss === undefined) {
    throw new DomainError('ARGUMENT_INVALID', 'the unit needs a model and a loss');
  }
  return { model, loss: coordinates.loss };
}
