import { join } from 'node:path';

import type { Config, DataSetConfig } from '../../configs/config-schema.js';
import type { ArtifactRef } from '../../contracts/artifacts.js';
import { predictionOntoOriginal } from '../../domain/evaluate/prediction-onto-original.js';
import { perAxis } from '../../domain/image/grid.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { predictionsTsv } from '../../domain/report/csv/predictions-tsv.js';
import { readOriginalStructure } from '../../storage/cases/prepared-cases.js';
import { decodePrediction } from '../../storage/cases/stored-predictions.js';
import { writeFileAtomically } from '../../storage/files/atomic-file.js';
import { readStoredText } from '../../storage/files/stored-file.js';
import { niftiGz } from '../../storage/images/nifti-gz.js';
import { encodePng } from '../../storage/images/picture-files.js';
import { readSoftware } from '../../storage/machine/software.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { LineageLog } from '../../storage/store/lineage-log.js';
import { predictionNames } from './prediction-names.js';
import { sweepPredictions, type SweepPrediction } from './sweep-predictions.js';

interface WritingOptions {
  readonly config: Config;
  readonly report: ArtifactRef;
  /** The folder that receives a folder for each data set. */
  readonly target: string;
  readonly onPrediction?: (done: number, total: number) => void;
}

/**
 * Writes every prediction of a sweep on the grid of the original mask, as BIDS derivatives: a folder for each data set with
 * `dataset_description.json`, `predictions.tsv`, which says what each file is of, and for each prediction a probability map,
 * a mask and a sidecar that names the evaluation. Pictures have PNG files too (16-bit probabilities, masks of 0 and 255). Maps and
 * masks are those that the tables on the native grid measure. What is there already is not written again.
 */
export async function writePredictions(
  project: { readonly store: ArtifactStore; readonly lineage: LineageLog },
  { config, report, target, onPrediction }: WritingOptions,
): Promise<void> {
  const all = await sweepPredictions(project, report);
  let done = 0;
  for (const dataSet of config.dataSets) {
    const own = all.filter((one) => one.dataSet === dataSet.name);
    if (own.length === 0) continue;
    const folder = join(target, dataSet.name);
    const names = predictionNames(own);
    for (const prediction of own) {
      const path = join(folder, names.get(prediction) ?? '');
      await writePrediction(project.store, prediction, { path, dataSet, threshold: config.evaluation.threshold });
      onPrediction?.(++done, all.length);
    }
    const lines = own.map((prediction) => ({ ...prediction, path: names.get(prediction) ?? '' }));
    await writeFileAtomically(join(folder, 'predictions.tsv'), Buffer.from(predictionsTsv(lines)));
    await writeFileAtomically(join(folder, 'dataset_description.json'), await descriptionOf(config.name, dataSet.name));
  }
}

async function descriptionOf(sweep: string, dataSet: string): Promise<Buffer> {
  const { version } = await readSoftware();
  return jsonFile({
    Name: `Predictions of ${sweep} for ${dataSet}`,
    BIDSVersion: '1.10.0',
    DatasetType: 'derivative',
    GeneratedBy: [{ Name: 'volbias', Version: version }],
  });
}

interface Place {
  /** Without an ending. */
  readonly path: string;
  readonly dataSet: DataSetConfig;
  readonly threshold: number;
}

async function writePrediction(
  store: ArtifactStore,
  { caseId, model, loss, fold, repeat, digest, prepared, read }: SweepPrediction,
  { path, dataSet, threshold }: Place,
): Promise<void> {
  const sidecar = jsonFile({
    ...{ CaseId: caseId, Model: model, Loss: loss, Fold: fold, Repeat: repeat, Threshold: threshold },
    EvaluationSha256: digest,
  });
  const sidecarFile = `${path}_probseg.json`;
  // Written last: if it is there, so is the rest.
  if ((await readStoredText(sidecarFile).catch(() => undefined)) === sidecar.toString('utf8')) return;
  const { label, axes } = await readOriginalStructure(store, prepared);
  const { grid } = label;
  const values = decodePrediction(await read(), { shape: perAxis((axis) => axes[axis].length) });
  const { map, mask } = predictionOntoOriginal({ values, threshold, originalShape: grid.shape, axes });
  await writeFileAtomically(`${path}_probseg.nii.gz`, niftiGz({ grid, values: Float32Array.from(map) }));
  await writeFileAtomically(`${path}_mask.nii.gz`, niftiGz({ grid, values: mask }));
  if (dataSet.preprocessing.crop.length === 2) {
    const [width, height] = grid.shape;
    const grey = Uint16Array.from(map, (probability) => Math.round(65_535 * probability));
    await writeFileAtomically(`${path}_probseg.png`, await encodePng({ width, height, values: grey }));
    const black = mask.map((voxel) => 255 * voxel);
    await writeFileAtomically(`${path}_mask.png`, await encodePng({ width, height, values: black }));
  }
  await writeFileAtomically(sidecarFile, sidecar);
}

function jsonFile(value: object): Buffer {
  return Buffer.from(`${canonicalJson(value)}\n`);
}
