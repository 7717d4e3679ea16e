import type { DataSetConfig } from '../../configs/config-schema.js';
import { dataSetInvalid } from './case-files.js';
import { declaredLabels, takes } from './declared-labels.js';
import { ruleText } from './findings/structure-fault.js';

/** The value of masks that nnU-Net's dataset.json calls "ignore", because nobody has labelled those voxels. */
export interface IgnoredLabel {
  readonly ignored: number;
  /** The values of all other labels but the background, ascending. */
  readonly labelled: readonly number[];
}

/** Undefined if dataset.json names no such value. */
export async function ignoredLabel(root: string): Promise<IgnoredLabel | undefined> {
  const { ignore: [ignored] = [], ...others } = (await declaredLabels(root)) ?? {};
  if (ignored === undefined) return undefined;
  const labelled = new Set(Object.values(others).flat());
  labelled.delete(0);
  labelled.delete(ignored);
  return { ignored, labelled: [...labelled].sort((a, b) => a - b) };
}

/** What selects these values in a config: `equals: 1`, or `anyOf: [1, 2]`. */
export function ruleOfValues(selected: readonly number[]): string {
  return selected.length === 1 ? `equals: ${selected[0]}` : `anyOf: [${selected.join(', ')}]`;
}

/** Why a data set's rule cannot be meant: it takes voxels for structure that nobody has labelled. Undefined if it does not. */
export async function ignoredLabelFault(
  { kind, label }: Pick<DataSetConfig, 'kind' | 'label'>,
  root: string,
): Promise<string | undefined> {
  const found = kind === 'nnunet' ? await ignoredLabel(root) : undefined;
  if (found === undefined || !takes(label, found.ignored)) return undefined;
  const { ignored, labelled } = found;
  const remedy =
    labelled.length === 0 ? 'name the values of the structure' : `write label: { ${ruleOfValues(labelled)} }`;
  const reason = `${ruleText(label)} takes the value ${ignored}, which dataset.json calls "ignore", for structure; ${remedy}`;
  return dataSetInvalid(root, reason).message;
}
