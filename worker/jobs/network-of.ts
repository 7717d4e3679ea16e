import { lossNames, modelNames } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import type { UnitCoordinates } from '../../domain/plan/units.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import type { UnitCases } from '../../storage/cases/unit-cases.js';

/** The network and loss of a training's arm. */
export function armOf(
  coordinates: UnitCoordinates,
  { content, dataSet }: UnitCases,
): { readonly network: NetworkChoice; readonly loss: (typeof lossNames)[number] } {
  const model = modelNames.find((name) => name === coordinates.model);
  const loss = lossNames.find((name) => name === coordinates.loss);
  if (model === undefined || loss === undefined)
    throw new DomainError('ARGUMENT_INVALID', 'a training needs a model and a loss');
  const dimensions = dataSet.preprocessing.crop.length === 2 ? 2 : 3;
  const { upsampling } = content.config.network;
  return { network: { model, dimensions, channels: dataSet.modalities.length, upsampling }, loss };
}
