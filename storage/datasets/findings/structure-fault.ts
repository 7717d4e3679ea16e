import { counted, shortFloat } from '../../../domain/report/words/format-number.js';
import { countValues } from '../../../domain/image/count-values.js';
import { ValueTally } from '../../../domain/image/value-tally.js';
import { voxelCount, type Triple } from '../../../domain/image/grid.js';
import { readImage } from '../../images/image-files.js';
import type { CaseFiles } from '../case-files.js';
import type { CaseReadingSettings } from '../read-case.js';

/** How much of its mask a structure takes up. */
export type StructureExtent = 'none' | 'some' | 'all';

/** The extent of a structure of this many voxels in a mask of this shape. */
export function extentOf(structureVoxels: number, shape: Triple): StructureExtent {
  if (structureVoxels === 0) return 'none';
  return structureVoxels === voxelCount(shape) ? 'all' : 'some';
}

/** On one mask among others that differ. */
export function extentWarnings(extent: StructureExtent): string[] {
  if (extent === 'some') return [];
  return [extent === 'none' ? 'its mask is empty' : 'its mask covers the whole image'];
}

export interface CaseExtent {
  readonly files: Pick<CaseFiles, 'label' | 'labelOutlines'>;
  readonly extent: StructureExtent;
}

/** Whether no mask has the structure, or all have nothing else; false for no case. */
export function isUniform(cases: readonly Pick<CaseExtent, 'extent'>[]): boolean {
  const extents = new Set(cases.map(({ extent }) => extent));
  return extents.size === 1 && !extents.has('some');
}

/**
 * Why there is nothing to learn from the masks of a data set, which are uniform. Lists the values that the masks have, for
 * which it reads their files; `onMask` is called after each. `structure`: its name in the config, if that lists several.
 */
export async function structureFault(
  cases: readonly CaseExtent[],
  label: CaseReadingSettings['label'],
  onMask: (done: number, total: number) => void = () => undefined,
  structure?: string,
): Promise<string> {
  const [first] = cases;
  const selects = first?.extent === 'none' ? 'selects no voxel of any mask' : 'selects every voxel of every mask';
  const found = `${ruleText(label, structure)} ${selects} (${counted(cases.length, 'case')}), so there is nothing to learn`;
  if (first?.files.labelOutlines !== undefined) return found;
  return `${found}. The masks have ${await valuesOfMasks(cases, onMask)}; change this rule in the config`;
}

/** A warning of values that the rule names and no mask has; undefined if there are none. */
export function absentValues(
  label: CaseReadingSettings['label'],
  masks: readonly { readonly structureValues: readonly number[] | undefined }[],
  structure?: string,
): string | undefined {
  const found = new Set(masks.flatMap(({ structureValues }) => structureValues ?? []));
  const absent = (label.anyOf ?? []).filter((value) => !found.has(value));
  if (absent.length === 0 || found.size === 0) return undefined;
  return `${ruleText(label, structure)} names values that no mask has: ${absent.join(', ')}`;
}

/** As in a config, whose rule is that of `structures.<structure>` if there is one. */
export function ruleText(
  { greaterThan, equals, anyOf, title }: Omit<CaseReadingSettings['label'], 'resampling'>,
  structure?: string,
): string {
  const place = structure === undefined ? 'label' : `structures.${structure}`;
  if (title !== undefined) return `label: { title: ${JSON.stringify(title)} }`;
  if (equals !== undefined) return `${place}: { equals: ${equals} }`;
  if (anyOf !== undefined) return `${place}: { anyOf: [${anyOf.join(', ')}] }`;
  return greaterThan === undefined
    ? 'label (values above 0, the default)'
    : `${place}: { greaterThan: ${greaterThan} }`;
}

/** Of a mask with more different values only the range is told. */
const mostListed = 32;

/** `the values 0 (500 voxels in 3 cases) and 1 (12 voxels in 1 case)`. */
async function valuesOfMasks(
  cases: readonly CaseExtent[],
  onMask: (done: number, total: number) => void,
): Promise<string> {
  const byValue = new Map<number, { voxels: number; cases: number }>();
  const others = { cases: 0, min: Infinity, max: -Infinity };
  for (const [index, { files }] of cases.entries()) {
    const tally = new ValueTally();
    const counts = new Map<number, number>();
    let isListed = true;
    // Spacing changes no value, and some headers need an override for theirs.
    for (const { values } of await readImage(files.label, { nonFinite: 'keep', spacingMm: [1, 1, 1] })) {
      tally.add(values);
      isListed &&= countValues(values, counts, mostListed);
    }
    if (!isListed) {
      const { min, max } = tally.summary();
      others.cases++;
      others.min = Math.min(others.min, min ?? Infinity);
      others.max = Math.max(others.max, max ?? -Infinity);
    }
    for (const [value, voxels] of isListed ? counts : []) {
      const before = byValue.get(value) ?? { voxels: 0, cases: 0 };
      byValue.set(value, { voxels: before.voxels + voxels, cases: before.cases + 1 });
    }
    onMask(index + 1, cases.length);
  }
  const listed = [...byValue]
    .sort(([a], [b]) => a - b)
    .map(
      ([value, found]) => `${shortFloat(value)} (${counted(found.voxels, 'voxel')} in ${counted(found.cases, 'case')})`,
    );
  const values = listed.length === 0 ? [] : [`the values ${listed.join(', ')}`];
  const range = `other values from ${shortFloat(others.min)} to ${shortFloat(others.max)} (${counted(others.cases, 'case')})`;
  return [...values, ...(others.cases === 0 ? [] : [range])].join(' and ');
}
