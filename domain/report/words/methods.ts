import { lossNamed } from '../../training/losses/loss-choice.js';
import { smallEpsilon } from '../../training/losses/voxel-sums.js';
import type { ReportInput } from '../report-input.js';
import type { PreparationEffect } from '../../results/results.js';
import { counted, formatBrief, listed, percent } from './format-number.js';
import { gridLabel, lossLong, modelLabel, testLabels } from './labels.js';
import type { MethodsConfig } from './methods-config.js';

/** The methods section of a paper, generated from the sweep's settings: paragraphs with headings. */
export function methodsOf(input: ReportInput): { readonly heading: string; readonly text: string }[] {
  return [
    ...input.config.dataSets.map((dataSet) => ({ heading: dataSet.name, text: dataText(dataSet, input) })),
    { heading: 'Cross-validation', text: splitText(input.config) },
    { heading: 'Training', text: trainingText(input) },
    { heading: 'Metrics', text: metricsText(input.config) },
    { heading: 'Statistics', text: statisticsText(input) },
  ];
}

type MethodsDataSet = MethodsConfig['dataSets'][number];

function dataText(dataSet: MethodsDataSet, input: ReportInput): string {
  const { mask, crop, normalisation } = dataSet.preprocessing;
  const found = input.results.dataSets.find((candidate) => candidate.name === dataSet.name);
  const size =
    found === undefined
      ? 'no cases'
      : `${counted(found.cases, 'case')} from ${counted(found.participants, 'participant')}`;
  const unit = found?.unit === 'hundredPixels' ? 'pixels' : 'voxels';
  return [
    `The data set comprised ${size} (${counted(dataSet.modalities.length, 'input channel')}: ${listed(dataSet.modalities)}).`,
    ...phantomText(dataSet),
    preparationText(dataSet, found?.unit === 'hundredPixels'),
    ...shearText(dataSet, found?.preparation),
    `Networks received a central crop of ${crop.join('×')} ${unit}.`,
    ...(mask === 'none' ? [] : [`Predictions were set to 0 outside the mask ${mask.modality} > ${mask.greaterThan}.`]),
    `Intensities were normalised to zero mean and unit standard deviation per channel, with statistics ${scopes[normalisation.scope]}.`,
  ].join(' ');
}

function phantomText({ phantom }: MethodsDataSet): string[] {
  if (phantom === undefined) return [];
  const { regions, probability } = phantom;
  return [
    `Images were synthetic, with a certain core and ${counted(regions, 'uncertain region')} per image; each region belonged to the structure with probability ${probability}, independently of its appearance.`,
  ];
}

function preparationText(
  { preprocessing: { roi, spacingMm, resampling, antiAlias, align }, label }: MethodsDataSet,
  is2d: boolean,
): string {
  if (roi !== undefined) {
    const { sizePixels, downsample } = roi;
    const averaged =
      downsample === 1
        ? ''
        : ` and averaged over blocks of ${downsample}×${downsample} pixels; ${flatMasks[label.resampling]}`;
    return `Square regions of ${sizePixels}×${sizePixels} pixels, centred on the structure, were extracted${averaged}.`;
  }
  if (is2d) return 'Images were used at their original resolution.';
  const aligned =
    align === 'toFirst'
      ? "Modalities on other grids were interpolated linearly onto the first modality's by their headers. "
      : '';
  const smoothed =
    antiAlias === 'gaussian'
      ? 'smoothed along each axis whose voxels became larger (Gaussian of variance (f² − 1)/12 voxels² for a factor f) and '
      : '';
  return `${aligned}Images were ${smoothed}resampled to an isotropic voxel size of ${spacingMm} mm by linear interpolation (${conventions[resampling] ?? resampling}); ${masks[label.resampling]}.`;
}

function shearText(
  { preprocessing: { spacingMm } }: MethodsDataSet,
  preparation: PreparationEffect | undefined,
): string[] {
  if (preparation === undefined || preparation.sheared.length === 0) return [];
  const { sheared, largestShearDegrees } = preparation;
  return [
    `The axes of ${counted(sheared.length, 'case')} were not perpendicular (by up to ${formatBrief(largestShearDegrees)}°); their voxels measure ${spacingMm} mm along these axes.`,
  ];
}

const conventions: Readonly<Record<string, string>> = {
  centred: 'fields of view share their centre',
  origin: "ITK's convention: first voxel centres coincide",
  scipyZoom: "the convention of SciPy's zoom: first and last voxel centres coincide",
};

const keptVolume =
  'masks to the voxels that the structure covers most, as many as keep its volume (ties: those with more structure around them first)';
const softMasks = 'the target is the share of each voxel that the structure covers';

const masks = {
  volumePreserving: keptVolume,
  linear: 'masks linearly too, with structure from 0.5 on, which changes their volume',
  soft: softMasks,
} as const;

const flatMasks = {
  volumePreserving: keptVolume,
  linear: 'masks were averaged too, with structure from 0.5 on, which changes their volume',
  soft: softMasks,
} as const;

const scopes = {
  dataset: 'of the whole data set, including the held-out cases',
  training: 'of the training folds',
  case: 'of each case',
} as const;

function splitText({ split, seed, training: { repeats } }: MethodsConfig): string {
  const stratified = split.stratify === 'volumeTercile' ? ', stratified by terciles of structure volume' : '';
  const drawn = split.file === undefined ? `drawn with seed ${seed}${stratified}` : 'read from a file';
  return `Networks were evaluated by ${split.folds}-fold cross-validation. Folds were ${drawn}; all cases of a participant were assigned to the same fold. Each case was evaluated ${repeats === undefined ? 'once, by the network' : `by the ${repeats} networks`} trained without its fold.`;
}

function trainingText({ config: { training, network }, results: { models, losses } }: ReportInput): string {
  const rates = models.map((model) => `${training.learningRate[model] ?? '?'} (${modelLabel(model)})`);
  const { softDice, plateau, stop, minDelta } = training;
  const leastFall = typeof minDelta === 'number' ? `${minDelta}` : `${percent(minDelta.relative)} %`;
  return [
    `A separate network was trained for each fold, each model (${listed(models.map(modelLabel))}) and each loss (${listed(losses.map(lossLong))}).`,
    ...repeatsText(training),
    upsamplings[network.upsampling] ?? `Up-sampling: “${network.upsampling}”.`,
    'Losses were computed over the voxels of the image inside its mask (if any), not over padding.',
    `Networks were optimised with Adam, with a batch size of ${training.batchSize} and an initial learning rate of ${listed(rates)}.`,
    `The learning rate was divided by ${plateau.divideBy} after every ${counted(plateau.patienceEpochs, 'epoch')} in which the validation loss did not fall by more than ${leastFall}.`,
    `Training stopped after ${counted(stop.patienceEpochs, 'epoch')} without such a fall, or after ${counted(training.maxEpochs, 'epoch')} at the latest; the weights with the lowest validation loss were kept.`,
    training.validation === 'heldOut'
      ? 'The validation loss was computed on the held-out fold itself, as by the authors of the paper; the scores are therefore optimistic.'
      : 'The validation loss was computed on a fifth of the training participants, not on the held-out fold.',
    training.augmentation === 'none'
      ? 'No data augmentation was used.'
      : 'Training images were augmented with random transformations (see the settings below).',
    ...(training.onConstantPrediction === 'diverge'
      ? [
          'A training counted as failed if the best network, or every network after it, predicted the same probability everywhere.',
        ]
      : []),
    ...(losses.includes('sd')
      ? [`The soft Dice loss used ε = ${softDice.epsilon} and was computed ${reductions[softDice.reduction]}.`]
      : []),
    ...otherLossesText(losses),
  ].join(' ');
}

/** What the names of the losses, which have their parameters, do not say. */
function otherLossesText(losses: readonly string[]): string[] {
  const kinds = losses.map((name) => lossNamed(name)).map((loss) => (typeof loss === 'string' ? loss : loss.kind));
  const noRatios = ['ce', 'sd', 'focal', 'lovaszHinge'];
  return [
    ...(kinds.some((kind) => !noRatios.includes(kind))
      ? [
          `The other losses with ratios of sums used ε = ${smallEpsilon} unless another is named, and were computed for each image, but batch soft Dice over all images of a batch together.`,
        ]
      : []),
    ...(kinds.includes('lovaszHinge')
      ? [
          'The Lovász hinge leaves open how far a logit exceeds ±1, so the sum of its probabilities is no volume; its masks are judged (ΔV hard), also against theory, and ΔV itself is not marked.',
        ]
      : []),
  ];
}

function repeatsText({ repeats, augmentation, validation }: MethodsConfig['training']): string[] {
  if (repeats === undefined) return [];
  const drawn = ['initial weights', 'case order', ...(augmentation === 'none' ? [] : ['augmentation'])];
  const same = validation === 'inner' ? 'training and validation cases' : 'cases';
  return [
    `Each training was done ${repeats} times (repeats) on the same ${same}, with ${listed(drawn)} drawn anew; each case counts with the mean of its metrics over the repeats.`,
  ];
}

const upsamplings: Readonly<Record<string, string>> = {
  same: 'Up-sampling was linear and preserved the size of the crop (“same”).',
  valid: 'Up-sampling was linear and unpadded (“valid”), so that networks predicted the central part of the crop.',
};

const reductions = {
  image: 'for each image, then averaged over the batch',
  batch: 'over all images of a batch together',
} as const;

function metricsText({ evaluation: { grid, clip, threshold, surfaceToleranceMm } }: MethodsConfig): string {
  return [
    `Metrics were computed on the whole image, on the ${gridLabel(grid)}; outside the crop and the mask, the prediction is 0. ${grids[grid]}`,
    `CE is the mean cross-entropy over the voxels, with probabilities clipped to [${clip}, 1 − ${clip}]; 1 − SD is the soft Dice score of the probabilities, and Dice the score of the voxels with ŷ > ${threshold}.`,
    `The volume error is ΔV = V(Ŷ) − V(Y), where V(Ŷ) sums the probabilities and V(Y) leaves out what no network could predict; “ΔV hard” takes the volume of the voxels with ŷ > ${threshold} in the prepared image instead.`,
    `The other metrics were computed on the native grid, with surfaces measured by area and a tolerance of ${surfaceToleranceMm} mm (of pictures: pixels) for the normalised surface Dice. The calibration slope is that of a logistic regression of the truth on the predicted log-odds (Cox 1958), over the voxels of the prepared images that the networks predict.`,
    'Tables report means over all cases that have results, of all folds.',
  ].join(' ');
}

const grids = {
  native:
    'Probabilities were carried back from the prepared image onto the original grid by averaging over each original voxel, which keeps their sum; so was the mask of the voxels above the threshold, keeping its volume. Both were compared with the original masks.',
  working: 'Predictions were compared with the resampled masks.',
} as const;

function statisticsText({ config: { statistics, split, training }, results: { confidence } }: ReportInput): string {
  const { resamples, interval, decides, correction, significance, equivalenceMargin } = statistics;
  const { repeats } = training;
  const level = percent(confidence);
  const stratified = split.file === undefined && split.stratify === 'volumeTercile';
  const added = stratified
    ? ', to which the variance between the volume terciles by which folds were stratified is added'
    : '';
  const mixed = stratified ? ', mixed with that for the participants less 1 in the shares of the two variances' : '';

  return [
    `Mean volume errors were tested against 0, and so were paired differences between losses, each by two tests. The test conditional on these trained networks is a bootstrap with ${resamples} samples: participants were drawn with replacement, together with all their cases; comparisons over the same cases used the same samples.`,
    interval === 'percentile'
      ? `Its confidence intervals are percentile intervals at a level of ${level} %, and its two-sided p-values are p = 2·(1 + min(n₁, n₂)) / (${resamples} + 1), at most 1, where n₁ and n₂ are the numbers of samples with a mean ≤ 0 and ≥ 0.`
      : `Its confidence intervals at a level of ${level} % are bias-corrected and accelerated (BCa), with the two-sided p-values at which these intervals end at 0.`,
    `The test including the training takes the effect of each of the ${split.folds} folds’ trainings as random too${repeats === undefined ? '' : ', averaged over their repeats'}. It divides the mean by its cluster-robust standard error over the folds (CR2)${added}, corrects for skewness by Hall’s transform, and compares the result with Student’s t distribution with the degrees of freedom of Bell and McCaffrey${mixed}.`,
    `Equivalence with 0 was tested by two one-sided tests including the training, with a margin of ±${percent(equivalenceMargin)} % of the mean true volume that networks could predict.`,
    `Results with p < ${significance} by the test ${testLabels[decides]} were considered significant;`,
    correction === 'holm'
      ? 'p-values of the tests of ΔV against 0 were corrected by Holm’s method over all data sets, models and losses, and likewise those of ΔV hard; others were not corrected.'
      : 'p-values were not corrected for multiple comparisons.',
  ].join(' ');
}
