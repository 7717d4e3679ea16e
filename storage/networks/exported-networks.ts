import { join } from 'node:path';

import { z } from 'zod';

import { dataSetSchema } from '../../configs/data-set-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import type { Normalisation } from '../../domain/preprocess/normalise.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';
import { faultOf, jsonOf } from '../files/parsed.js';
import { tfjsModel } from './tfjs-model.js';

const description = z.strictObject({
  sweep: z.string(),
  dataSet: z.string(),
  model: z.string(),
  loss: z.string(),
  modalities: z.array(z.string()),
  preprocessing: dataSetSchema.shape.preprocessing.extend({
    // Networks from before there was this setting were trained without smoothing.
    antiAlias: dataSetSchema.shape.preprocessing.shape.antiAlias.unwrap().default('none'),
  }),
  /** A probability above the threshold counts as structure in the mask. */
  threshold: z.number(),
  threads: z.int(),
  // Networks from before there was this setting were trained in float32.
  precision: z.enum(['float32', 'bfloat16']).default('float32'),
  tf32: z.boolean(),
  deterministic: z.boolean(),
});

/** How a new case is prepared for an arm's networks, and where these come from. */
export type EnsembleDescription = Readonly<z.infer<typeof description>>;

const normalisation = z.union([
  z.literal('case'),
  z.array(z.strictObject({ mean: z.number(), deviation: z.number() })),
]);

/** The network of one fold. */
export interface EnsembleMember {
  readonly fold: number;
  /** The bytes of a weights file. */
  readonly weights: Uint8Array;
  /** For each modality, from this fold's training cases (or the whole data set); `case`: from each case itself. */
  readonly normalisation: 'case' | readonly Normalisation[];
}

/** The networks of one arm, one for each fold. Their predictions are averaged. */
export interface Ensemble {
  readonly description: EnsembleDescription;
  readonly members: readonly EnsembleMember[];
}

const format = 'volbias-model-1';
const descriptionFile = 'volbias-model.json';
/** Far more than the paper's U-Net has. */
const largestWeightsBytes = 2 ** 31;

const exportedModel = z.strictObject({
  format: z.literal(format),
  description,
  members: z.array(
    z.strictObject({
      fold: z.int().nonnegative(),
      // The name of a file in the same folder, never a path.
      weights: z.string().regex(/^[\w-]+\.safetensors$/),
      normalisation,
    }),
  ),
});

/**
 * Writes an ensemble to a folder that others can use without volbias: volbias-model.json (preprocessing, and the
 * normalisation of each fold), and for each fold fold-N.safetensors and the same network for TensorFlow.js,
 * fold-N.model.json with fold-N.weights.bin. docs/exported-networks.md describes them. Returns the names of the files.
 */
export async function exportEnsemble(ensemble: Ensemble, folder: string): Promise<string[]> {
  const files = new Map<string, Uint8Array | string>();
  const exported: object[] = [];
  const [x, y, depth = 1] = ensemble.description.preprocessing.crop;
  for (const { fold, weights, ...member } of ensemble.members) {
    const name = `fold-${String(fold)}`;
    const { model, data } = tfjsModel(weights, { dataPath: `${name}.weights.bin`, inputShape: [x, y, depth] });
    files.set(`${name}.safetensors`, weights);
    files.set(`${name}.model.json`, `${JSON.stringify(model, null, 2)}\n`);
    files.set(`${name}.weights.bin`, data);
    exported.push({ fold, weights: `${name}.safetensors`, ...member });
  }
  files.set(descriptionFile, `${canonicalJson({ format, description: ensemble.description, members: exported })}\n`);
  for (const [name, bytes] of files) await writeFileAtomically(join(folder, name), bytes);
  return [...files.keys()];
}

/** Reads an ensemble that `exportEnsemble` wrote. FILE_UNREADABLE or FILE_FORMAT_INVALID if there is none. */
export async function readExportedEnsemble(folder: string): Promise<Ensemble> {
  const path = join(folder, descriptionFile);
  const text = await readOrdinaryFile(path).catch(() => {
    throw new DomainError(
      'FILE_UNREADABLE',
      `${path} cannot be read; --model takes a folder that "volbias export" wrote`,
    );
  });
  const { success, data, error } = exportedModel.safeParse(jsonOf(text));
  if (!success) {
    throw new DomainError('FILE_FORMAT_INVALID', `${path} is not a valid ${format} description: ${faultOf(error)}`);
  }
  const members = data.members.map(async ({ weights, ...member }) => {
    return { ...member, weights: await readOrdinaryFile(join(folder, weights), largestWeightsBytes) };
  });
  return { description: data.description, members: await Promise.all(members) };
}
