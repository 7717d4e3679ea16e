import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PreprocessingConfig } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import type { Normalisation } from '../../domain/preprocess/normalise.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { ComputeNumerics } from '../machine/compute-environment.js';
import { tfjsModel } from './tfjs-model.js';

/** What a new case must go through before the networks of an arm see it, and where they come from. */
export interface EnsembleDescription extends ComputeNumerics {
  readonly sweep: string;
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly modalities: readonly string[];
  readonly preprocessing: PreprocessingConfig;
  /** A probability above it counts as structure in the mask. */
  readonly threshold: number;
}

/** The network of one fold. */
export interface EnsembleMember {
  readonly fold: number;
  /** The bytes of a weights file. */
  readonly weights: Uint8Array;
  /** By modality, as of this fold's training cases (or of the data set); `case`: every case by itself. */
  readonly normalisation: 'case' | readonly Normalisation[];
}

/** The networks of one arm, a fold each, whose predictions are averaged. */
export interface Ensemble {
  readonly description: EnsembleDescription;
  readonly members: readonly EnsembleMember[];
}

const format = 'volbias-model-1';
const descriptionFile = 'volbias-model.json';

interface ExportedMember {
  readonly fold: number;
  readonly weights: string;
  readonly normalisation: EnsembleMember['normalisation'];
}

/**
 * Writes an ensemble to a folder that others can use without the project: volbias-model.json (preprocessing, and
 * normalisation by fold), and for each fold fold-N.safetensors and the same network for TensorFlow.js, fold-N.model.json
 * with fold-N.weights.bin. docs/exported-networks.md describes them. Returns the names of the files.
 */
export async function exportEnsemble({ description, members }: Ensemble, folder: string): Promise<string[]> {
  const files = new Map<string, Uint8Array | string>();
  const exported: ExportedMember[] = [];
  const [x, y, z = 1] = description.preprocessing.crop;
  for (const { fold, weights, normalisation } of members) {
    const name = `fold-${String(fold)}`;
    const { model, data } = tfjsModel(weights, { dataPath: `${name}.weights.bin`, inputShape: [x, y, z] });
    files.set(`${name}.safetensors`, weights);
    files.set(`${name}.model.json`, `${JSON.stringify(model, null, 2)}\n`);
    files.set(`${name}.weights.bin`, data);
    exported.push({ fold, weights: `${name}.safetensors`, normalisation });
  }
  files.set(descriptionFile, `${canonicalJson({ format, description, members: exported })}\n`);
  for (const [name, bytes] of files) await writeFileAtomically(join(folder, name), bytes);
  return [...files.keys()];
}

/** Reads what `exportEnsemble` wrote; FILE_UNREADABLE or FILE_FORMAT_INVALID where it is none. */
export async function readExportedEnsemble(folder: string): Promise<Ensemble> {
  const path = join(folder, descriptionFile);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new DomainError(
      'FILE_UNREADABLE',
      `${path} cannot be read; --model takes a folder that "volbias export" wrote`,
    );
  });
  const parsed = parseJson(text) as { format?: unknown; description: EnsembleDescription; members: ExportedMember[] };
  if (parsed.format !== format) throw new DomainError('FILE_FORMAT_INVALID', `${path}: its format is not ${format}`);
  const members = parsed.members.map(async ({ fold, weights, normalisation }) => {
    return { fold, weights: await readFile(join(folder, weights)), normalisation };
  });
  return { description: parsed.description, members: await Promise.all(members) };
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
