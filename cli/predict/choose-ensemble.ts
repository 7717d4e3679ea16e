import { DomainError } from '../../domain/domain-error.js';
import { readSweepEnsemble } from '../../steps/provenance/trained-networks.js';
import { readExportedEnsemble, type Ensemble } from '../../storage/networks/exported-networks.js';
import { openProject } from '../project.js';

export interface EnsembleFlags {
  readonly sweep?: string;
  readonly arm?: string;
  readonly dataSet?: string;
  readonly model?: string;
  readonly dataDir?: string;
}

/** The networks selected by `--sweep` and `--arm`, or by `--model`. */
export async function chooseEnsemble({ sweep, arm, dataSet, model, dataDir }: EnsembleFlags): Promise<Ensemble> {
  if (model !== undefined) {
    if (sweep !== undefined || arm !== undefined) {
      throw new DomainError('ARGUMENT_INVALID', 'expected either --model, or --sweep and --arm');
    }
    return readExportedEnsemble(model);
  }
  if (sweep === undefined || arm === undefined) {
    throw new DomainError('ARGUMENT_INVALID', 'no networks given, expected --sweep and --arm, or --model');
  }
  const [network = '', loss = '', ...more] = arm.split('/');
  if (network === '' || loss === '' || more.length > 0) {
    throw new DomainError('ARGUMENT_INVALID', `--arm is "${arm}", expected model/loss, such as unet/ce`);
  }
  const { folder, store } = openProject({ dataDir });
  return readSweepEnsemble(folder, store, { sweep, model: network, loss, dataSet });
}
