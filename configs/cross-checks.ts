import { structureDataSetName } from './expand-structures.js';
import { labelRuleKeys } from './label-schema.js';

/** Rules across several settings. They accept a config with other errors, so that all errors are reported at once. */

export interface CrossProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === 'object' && current !== null ? (current as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function repeated(values: readonly unknown[], path: readonly (string | number)[]): CrossProblem[] {
  const texts = values.map((value) => (typeof value === 'string' ? `"${value}"` : sortedText(value)));
  return texts.flatMap((text, index) =>
    text !== undefined && texts.indexOf(text) !== index
      ? [{ path: [...path, index], message: `${text} is listed twice` }]
      : [],
  );
}

/** The properties of an object as text, in the order of their keys. */
function sortedText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{ ${entries.map(([key, inner]) => `${key}: ${String(inner)}`).join(', ')} }`;
}

/** Losses that the data or the batches do not allow. */
function inLosses(config: unknown): CrossProblem[] {
  const soft = list(field(config, 'dataSets')).find((dataSet) => field(dataSet, 'label', 'resampling') === 'soft');
  const batchSize = field(config, 'training', 'batchSize') ?? 1;
  return list(field(config, 'arms', 'losses')).flatMap((loss, index) => {
    const path = ['arms', 'losses', index];
    if (loss === 'lovaszHinge' && soft !== undefined) {
      const name = String(field(soft, 'name'));
      const message = `lovaszHinge needs labels of 0 and 1, but label.resampling of data set ${name} is soft`;
      return [{ path, message }];
    }
    if (loss === 'batchSd' && batchSize === 1) {
      return [{ path, message: 'batchSd needs a training.batchSize above 1; with 1 it is sd' }];
    }
    return [];
  });
}

function inPhantom(dataSet: unknown, folds: unknown): CrossProblem[] {
  const phantom = field(dataSet, 'phantom');
  const hasPath = field(dataSet, 'path') !== undefined;
  if (phantom === undefined) {
    return hasPath ? [] : [{ path: ['path'], message: 'expected the folder of the data set, or a phantom' }];
  }
  const problems: CrossProblem[] = [];
  if (hasPath) problems.push({ path: ['path'], message: 'a phantom is written to the data folder and takes no path' });
  const dimensions = field(phantom, 'dimensions');
  const expected = `expected ${String(dimensions)} sizes, because the phantom has ${String(dimensions)} dimensions`;
  for (const path of [
    ['phantom', 'shape'],
    ['preprocessing', 'crop'],
  ]) {
    const sizes = field(dataSet, ...path);
    if (Array.isArray(sizes) && sizes.length !== dimensions) problems.push({ path, message: expected });
  }
  const kind = dimensions === 2 ? 'folder2d' : 'nnunet';
  if (field(dataSet, 'kind') !== kind) {
    problems.push({
      path: ['kind'],
      message: `expected ${kind}, the layout of a phantom with ${String(dimensions)} dimensions`,
    });
  }
  const modalities = dimensions === 2 ? ['grey'] : ['T1', 'T2'];
  if (list(field(dataSet, 'modalities')).join() !== modalities.join()) {
    problems.push({
      path: ['modalities'],
      message: `expected [${modalities.join(', ')}], the modalities of this phantom`,
    });
  }
  const cases = field(phantom, 'cases');
  if (typeof cases === 'number' && typeof folds === 'number' && cases < folds) {
    const message = `${String(folds)} folds need at least as many participants, but this phantom has ${String(cases)}`;
    problems.push({ path: ['phantom', 'cases'], message });
  }
  return problems;
}

const mostDataSets = 64;
const longestName = 63;

/** At most one rule in label, and exactly one for each structure. */
function inLabelRules(dataSet: unknown): CrossProblem[] {
  const label = field(dataSet, 'label');
  const structures = structuresOf(dataSet);
  const rules = rulesIn(label);
  const problems: CrossProblem[] = [];
  if (rules.length > 1) {
    problems.push({ path: ['label', rules[1] ?? ''], message: `expected one rule, but there are ${rules.join(', ')}` });
  }
  if (structures === undefined) return problems;
  if (field(dataSet, 'phantom') !== undefined) {
    problems.push({ path: ['structures'], message: 'a phantom has only one structure' });
  }
  if (structures.length === 0) problems.push({ path: ['structures'], message: 'expected at least one structure' });
  for (const key of [...rules, ...(field(label, 'title') === undefined ? [] : ['title'])]) {
    problems.push({ path: ['label', key], message: 'the rules are in structures; remove this one' });
  }
  for (const [name, rule] of structures) {
    const own = rulesIn(rule);
    if (own.length === 1) continue;
    const found = own.length === 0 ? 'there is none' : `there are ${own.join(', ')}`;
    problems.push({ path: ['structures', name], message: `expected one of ${labelRuleKeys.join(', ')}, but ${found}` });
  }
  return problems;
}

function rulesIn(rule: unknown): string[] {
  return labelRuleKeys.filter((key) => field(rule, key) !== undefined);
}

function structuresOf(dataSet: unknown): [string, unknown][] | undefined {
  const structures = field(dataSet, 'structures');
  return typeof structures === 'object' && structures !== null ? Object.entries(structures) : undefined;
}

/** Of all data sets, including one for each structure. */
function inNames(dataSets: readonly unknown[]): CrossProblem[] {
  const named = dataSets.flatMap((dataSet, index) => {
    const name = field(dataSet, 'name');
    const structures = structuresOf(dataSet)?.map(([structure]) => structure);
    if (structures === undefined) return [{ name, path: ['dataSets', index] }];
    return structures.map((structure) => ({
      name: structureDataSetName(String(name), structure),
      path: ['dataSets', index, 'structures', structure],
    }));
  });
  const problems: CrossProblem[] = [];
  const seen = new Set<unknown>();
  for (const { name, path } of named) {
    if (typeof name !== 'string') continue;
    if (seen.has(name)) problems.push({ path, message: `"${name}" is listed twice` });
    seen.add(name);
    if (path.length > 2 && name.length > longestName) {
      const message = `the name ${name} has ${String(name.length)} characters; at most ${String(longestName)} are allowed`;
      problems.push({ path, message });
    }
  }
  if (named.length > mostDataSets && dataSets.length <= mostDataSets) {
    const message = `${String(named.length)} data sets with one for each structure; at most ${String(mostDataSets)} are allowed`;
    problems.push({ path: ['dataSets'], message });
  }
  return problems;
}

function inDataSet(dataSet: unknown, folds: unknown): CrossProblem[] {
  const modalities = list(field(dataSet, 'modalities'));
  const problems = [...repeated(modalities, ['modalities']), ...inPhantom(dataSet, folds), ...inLabelRules(dataSet)];
  const masking = field(dataSet, 'preprocessing', 'mask', 'modality');
  if (typeof masking === 'string' && !modalities.includes(masking)) {
    const message = `expected one of the modalities [${modalities.join(', ')}]`;
    problems.push({ path: ['preprocessing', 'mask', 'modality'], message });
  }
  const kind = field(dataSet, 'kind');
  const crop = field(dataSet, 'preprocessing', 'crop');
  // nnU-Net has pictures too.
  const either = kind === 'manifest' || kind === 'nnunet';
  const flat = kind === 'folder2d' || kind === 'tufts' || (either && Array.isArray(crop) && crop.length === 2);
  if (Array.isArray(crop) && !either && crop.length !== (flat ? 2 : 3) && field(dataSet, 'phantom') === undefined) {
    const message = flat ? 'expected 2 sizes: the images are 2D' : 'expected 3 sizes: the images are 3D';
    problems.push({ path: ['preprocessing', 'crop'], message });
  }
  const known = !either || Array.isArray(crop);
  if (known && !flat && field(dataSet, 'preprocessing', 'roi') !== undefined) {
    problems.push({ path: ['preprocessing', 'roi'], message: 'a region of interest applies only to 2D images' });
  }
  if (flat && field(dataSet, 'overrideSpacingMm') !== undefined) {
    problems.push({ path: ['overrideSpacingMm'], message: 'pictures have no spacing to override' });
  }
  for (const key of ['images', 'masks']) {
    if (field(dataSet, key) === undefined) continue;
    if (field(dataSet, 'phantom') !== undefined) problems.push({ path: [key], message: 'a phantom names its folders' });
    else if (kind !== 'folder2d' && kind !== 'nnunet') {
      problems.push({
        path: [key],
        message: 'only the layouts folder2d and nnunet have a folder of images and one of masks',
      });
    }
  }
  if (kind !== 'tufts' && field(dataSet, 'label', 'title') !== undefined) {
    problems.push({ path: ['label', 'title'], message: 'only the tufts layout selects structures by title' });
  }
  return problems;
}

/** Thresholds in ml need a data set with volumes in ml. */
function inThresholds(config: unknown, dataSets: readonly unknown[]): CrossProblem[] {
  const thresholds = list(field(config, 'evaluation', 'thresholdsMl'));
  const flat = (dataSet: unknown): boolean => list(field(dataSet, 'preprocessing', 'crop')).length === 2;
  const problems = repeated(thresholds.map(String), ['evaluation', 'thresholdsMl']);
  if (thresholds.length === 0 || dataSets.length === 0 || !dataSets.every(flat)) return problems;
  const message = 'no data set has volumes in ml: those of 2D images are in hundreds of pixels';
  return [...problems, { path: ['evaluation', 'thresholdsMl'], message }];
}

/** Every violated rule of a config, with path and message. */
export function crossProblems(config: unknown): CrossProblem[] {
  const dataSets = list(field(config, 'dataSets'));
  // Folds from a file are checked against the cases later, when these are known.
  const folds = field(config, 'split', 'file') === undefined ? field(config, 'split', 'folds') : undefined;
  return [
    ...repeated(list(field(config, 'arms', 'models')), ['arms', 'models']),
    ...repeated(list(field(config, 'arms', 'losses')), ['arms', 'losses']),
    ...inLosses(config),
    ...inNames(dataSets),
    ...inThresholds(config, dataSets),
    ...dataSets.flatMap((dataSet, index) =>
      inDataSet(dataSet, folds).map(({ path, message }) => ({ path: ['dataSets', index, ...path], message })),
    ),
  ];
}
