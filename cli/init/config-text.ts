import { basename, isAbsolute } from 'node:path';

import { voxelCount, type Triple } from '../../domain/image/grid.js';
import { resampledGrid } from '../../domain/preprocess/resample.js';
import { counted } from '../../domain/report/words/format-number.js';
import { fittingCrop } from '../../domain/training/networks/fitting-crop.js';
import type { Survey } from '../../storage/datasets/survey/survey-folder.js';
import { labelLines } from './label-lines.js';

/** Voxels of the paper's largest crop, 162 × 162 × 108: above, trainings need more memory than those of the paper. */
const paperVoxels = 162 * 162 * 108;
const paperSpacingMm = 2;
/** An image of fewer voxels along each axis shows too little: the voxels become smaller. */
const leastVoxels = 18;
const mostVoxelsOfSmallImage = 54;

/** A name that a config allows, from the name of a folder. */
export function configName(folder: string): string {
  const plain = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return plain === '' ? 'my-data' : plain;
}

/** The folds that a config gets: those of the paper, or fewer for few participants. */
export function foldsFor({ participants }: Pick<Survey, 'participants'>): number {
  // Three at least: with few participants, two folds would leave too few for training and validation.
  return Math.max(2, Math.min(3, participants), Math.min(5, Math.floor(participants / 2)));
}

/** The text of a config for a folder of images, with what was found and why each value was chosen. */
export function configText(survey: Survey, { name, path }: { readonly name: string; readonly path: string }): string {
  const { dimensions, modalities, kind } = survey;
  const spacing = spacingFor(survey);
  const crop = cropFor(survey, spacing);
  const lines = [
    '# yaml-language-server: $schema=./config.schema.json',
    '# Written by `volbias init`; `volbias config schema --write` puts the schema beside it. docs/config.md explains every key.',
    '#',
    ...foundLines(survey).map((line) => `# ${line}`),
    `name: ${name}`,
    'seed: 1 # of all random numbers; another seed draws other folds and other initial weights',
    'dataSets:',
    `  - name: ${name}`,
    `    kind: ${kind}`,
    `    path: ${scalar(path)}${isAbsolute(path) ? '' : ' # relative to this file'}`,
    `    modalities: [${modalities.map(scalar).join(', ')}] # the input channels; remove those that networks shall not see`,
    ...survey.leftOut.map(
      ({ modality, cases, ofCases }) =>
        `    # ${scalar(modality)}: only ${cases} of ${ofCases} cases ${cases === 1 ? 'has' : 'have'} it, so it is left out`,
    ),
    ...labelLines(survey),
    ...(survey.hasSeries ? ['    volume: 0 # images have a fourth axis: the first volume of each is read'] : []),
    ...(survey.faulty.length > 0
      ? [
          `    onInvalidCase: exclude # ${counted(survey.faulty.length, 'case')} cannot be used; see volbias validate. stop: refuse them`,
        ]
      : []),
    '    preprocessing:',
    ...(dimensions === 3 ? spacingLines(spacing) : []),
    ...maskLines(survey),
    ...normalisationLines(survey),
    ...cropLines(crop, dimensions),
    'split:',
    ...foldLines(survey),
    'arms: # every model is trained with every loss, on every fold',
    '  models: [lr, convnet, unet] # as in the paper; remove some to be faster',
    '  losses: [ce, sd] # cross-entropy and soft Dice. docs/training.md has all losses',
    'training:',
    '  maxEpochs: 200 # the configs of the paper: 1000. volbias plan --cost says what this takes on this machine',
    '  plateau: { patienceEpochs: 15, divideBy: 5 } # the paper: 75 epochs',
    '  stop: { patienceEpochs: 30 } # the paper: 150 epochs',
    ...(dimensions === 3
      ? ['  learningRate: { lr: 0.1, convnet: 0.0001, unet: 0.0001 } # for short trainings; the paper: 1, 0.001, 0.001']
      : []),
    '  augmentation: none # the paper augments "intensively"; configs/hippocampus.yaml and brats2018.yaml show how',
    'numerics:',
    ...threadLines(crop, dimensions),
  ];
  return `${lines.join('\n')}\n`;
}

/** Plain if YAML reads it as the same text, else in quotes. */
function scalar(text: string): string {
  const plain =
    /^[A-Za-z/._][\w/.+ -]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text) && !/ $/.test(text);
  return plain ? text : JSON.stringify(text);
}

function foundLines({ cases, participants, grids, dimensions, listedParticipants }: Survey): string[] {
  const listed = listedParticipants === undefined ? '' : ` (participants.tsv lists ${listedParticipants})`;
  const axes = dimensions === 3 ? ([0, 1, 2] as const) : ([0, 1] as const);
  const range = (triples: readonly Triple[]): string => axes.map((axis) => rangeText(triples, axis)).join(' × ');
  const spacing = dimensions === 3 ? ` of ${range(grids.map(({ spacingMm }) => spacingMm))} mm` : '';
  return [
    `Found ${counted(cases.length, 'case')} of ${counted(participants, 'participant')}${listed}: ${dimensions}D images of`,
    `${range(grids.map(({ shape }) => shape))} ${dimensions === 3 ? 'voxels' : 'pixels'}${spacing}.`,
  ];
}

/** `36`, or `31 to 40`. */
function rangeText(triples: readonly Triple[], axis: 0 | 1 | 2): string {
  const along = triples.map((triple) => Number(triple[axis].toFixed(3)));
  const [low, high] = [Math.min(...along), Math.max(...along)];
  return low === high ? String(low) : `${String(low)} to ${String(high)}`;
}

/** 2 mm as in the paper, unless the images themselves are coarser, or so small that little would be left of them. */
function spacingFor({ grids }: Survey): number {
  const finest = grids.map(({ spacingMm }) => Math.min(...spacingMm)).sort((a, b) => a - b);
  const extents = grids.flatMap(({ shape, spacingMm }) => shape.map((size, axis) => size * (spacingMm[axis] ?? 1)));
  const longest = Math.max(...extents);
  const typical = finest[Math.floor(finest.length / 2)] ?? paperSpacingMm;
  if (longest < leastVoxels * paperSpacingMm) return rounded(Math.max(typical, longest / mostVoxelsOfSmallImage));
  return rounded(Math.max(paperSpacingMm, typical));
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}

function spacingLines(spacing: number): string[] {
  const why =
    spacing === paperSpacingMm
      ? 'as in the paper: images and masks are resampled to cubes of 2 mm'
      : spacing > paperSpacingMm
        ? 'as fine as most images; the paper: 2'
        : 'the images are small; the paper: 2';
  return [`      spacingMm: ${String(spacing)} # ${why}. Numbers are measured on the original masks`];
}

function maskLines({ kind, modalities }: Survey): string[] {
  if (kind === 'brats' && modalities.includes('FLAIR')) {
    return ['      mask: { modality: FLAIR, greaterThan: 0 } # as the paper’s authors: nothing outside the brain'];
  }
  return ['      mask: none # everywhere; { modality: X, greaterThan: 0 } if images are 0 outside the body'];
}

function normalisationLines({ dimensions, modalities }: Survey): string[] {
  const isCalibrated = dimensions === 2 || modalities.some((modality) => /^ct/i.test(modality));
  return isCalibrated
    ? ['      normalisation: { scope: training } # mean and deviation of the training cases']
    : ['      normalisation: { scope: case } # each image by its own mean and deviation: scanners differ in scale'];
}

/** Multiples of what the U-Net needs, so large that every image fits whole. */
function cropFor({ grids, dimensions, modalities }: Survey, spacingMm: number): Triple {
  const shapes =
    dimensions === 2
      ? grids.map(({ shape }) => shape)
      : grids.map((grid) => resampledGrid(grid, { spacingMm, resampling: 'centred' }).shape);
  const networks = [{ model: 'unet', dimensions, channels: modalities.length, upsampling: 'same' }] as const;
  const [x, y, z = 1] = fittingCrop(shapes, networks, dimensions);
  return [x, y, z];
}

function cropLines(crop: Triple, dimensions: 2 | 3): string[] {
  const sizes = dimensions === 2 ? crop.slice(0, 2) : [...crop];
  const voxels = dimensions === 2 ? crop[0] * crop[1] : voxelCount(crop);
  const large =
    voxels > paperVoxels
      ? [
          '      # Larger than the paper’s 162×162×108, and so is the memory that the U-Net needs: a larger spacingMm or a smaller',
        ]
      : [];
  return [
    ...large,
    ...(large.length > 0
      ? ['      # crop (what is outside it counts as not predicted) makes it less. volbias plan --cost measures it.']
      : []),
    `      crop: auto # ${sizes.join(' × ')} now: the smallest multiples of 27, which the U-Net needs, that hold every image`,
  ];
}

function foldLines({ participants }: Survey): string[] {
  const folds = foldsFor({ participants });
  const why = folds === 5 ? 'as in the paper' : `${counted(participants, 'participant')} are few; the paper: 5`;
  return [`  folds: ${folds} # ${why}. All cases of one participant stay in one fold`];
}

function threadLines(crop: Triple, dimensions: 2 | 3): string[] {
  const isSmall = dimensions === 2 ? crop[0] * crop[1] < 150 * 150 : voxelCount(crop) <= 54 ** 3;
  return isSmall
    ? ['  threads: 1 # images are small: one training on each core is fastest']
    : ['  threads: 2 # of each training; part of what decides the last bits of results'];
}
