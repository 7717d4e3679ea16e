import { gzipSync } from 'node:zlib';

import { evaluateCase } from '../../domain/evaluate/evaluate-case.js';
import type { EvaluationRow } from '../../domain/evaluate/evaluation-row.js';
import { pixelSize, voxelSizeInMillilitres } from '../../domain/evaluate/voxel-size.js';
import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { unitId } from '../../domain/plan/units.js';
import { pasteIntoGrid } from '../../domain/preprocess/crop.js';
import type { CollapsedTraining } from '../../domain/results/results-input.js';
import { collapseOf } from '../../domain/training/collapse.js';
import type { HistoryRow } from '../../domain/training/training-progress.js';
import { predictor } from '../../learning/network/predict.js';
import { decodeWeights } from '../../learning/network/weights-file.js';
import type {
  ArtifactContent,
  ArtifactManifest,
  ArtifactStore,
  StoredBlob,
} from '../../storage/store/artifact-store.js';
import { readPreparedVoxels } from '../../storage/cases/prepared-cases.js';
import { readUnitCases } from '../../storage/cases/unit-cases.js';
import { toTrainingCase } from './case-loader.js';
import { Interrupted, type JobContext } from './job-context.js';
import { armOf } from './network-of.js';

/** What the evaluation of one arm and fold says: a row a case, and which file holds the case's Ŷ. */
export interface EvaluationSummary {
  readonly rows: readonly EvaluationRow[];
  readonly predictions: readonly { readonly caseId: string; readonly file: string }[];
  /** Absent where the training did not collapse. */
  readonly collapse?: CollapsedTraining;
}

/** Predicts each held-out case on its whole prepared image (0 outside the crop and the mask) and measures it. */
export async function evaluateJob(context: JobContext): Promise<ArtifactContent> {
  const { request, store, signal, onProgress } = context;
  const { coordinates } = request;
  const cases = await readUnitCases(store, request);
  const { model = '', loss = '', fold = 0, dataSet = '' } = coordinates;
  const { network } = armOf(coordinates, cases);
  const trained = request.inputs.find(({ unit }) => unit === unitId('train', coordinates));
  if (trained === undefined) throw new Error('an evaluation needs a training');
  const manifest = await store.manifest(trained.ref.digest);
  const { weights } = decodeWeights(await store.readFile(manifest, 'weights.safetensors'));
  const { clip, threshold } = cases.content.config.evaluation;

  const ready = predictor({ network, weights });
  const rows: EvaluationRow[] = [];
  const files: Record<string, StoredBlob> = {};
  const predictions: { caseId: string; file: string }[] = [];
  for (const [index, own] of cases.heldOut.entries()) {
    if (signal.aborted) throw new Interrupted();
    const voxels = await readPreparedVoxels(store, own.artifact);
    const { grid } = voxels;
    const prediction = ready.predict(toTrainingCase(cases, own, voxels));
    const place = { cropShape: cases.cropShape, gridShape: grid.shape };
    const predicted = pasteIntoGrid(prediction, place);
    const size = network.dimensions === 2 ? pixelSize : voxelSizeInMillilitres(grid.spacingMm);
    const metrics = evaluateCase({ truth: voxels.label, predicted, size, clip, threshold });
    rows.push({ ...metrics, dataSet, caseId: own.id, participant: own.participant, fold, model, loss });
    const file = `probability-${String(index).padStart(4, '0')}.nii.gz`;
    files[file] = await store.putBlob(gzipSync(encodeNifti({ grid, values: predicted }), { level: 1 }));
    predictions.push({ caseId: own.id, file });
    onProgress({ phase: 'case', done: index + 1, total: cases.heldOut.length });
  }
  ready.dispose();
  const collapse = collapseOf(await readHistory(store, manifest), bestEpochOf(manifest));
  const summary: EvaluationSummary = {
    rows,
    predictions,
    ...(collapse !== undefined && { collapse: { dataSet, model, loss, fold, ...collapse } }),
  };
  return { files, summary };
}

async function readHistory(store: ArtifactStore, training: ArtifactManifest): Promise<HistoryRow[]> {
  return JSON.parse(Buffer.from(await store.readFile(training, 'history.json')).toString('utf8')) as HistoryRow[];
}

const bestEpochOf = ({ summary }: ArtifactManifest): number => (summary as { readonly bestEpoch: number }).bestEpoch;
