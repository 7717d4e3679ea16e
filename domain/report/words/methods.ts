import type { ReportInput } from '../report-input.js';
import { counted, listed, percent } from './format-number.js';
import { lossLong, modelLabel } from './labels.js';
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

type DataSetConfig = MethodsConfig['dataSets'][number];

function dataText(dataSet: DataSetConfig, input: ReportInput): string {
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
    `Networks received a central crop of ${crop.join('×')} ${unit}.`,
    ...(mask === 'none' ? [] : [`Predictions were set to 0 outside the mask ${mask.modality} > ${mask.greaterThan}.`]),
    `Intensities were normalised to zero mean and unit standard deviation per channel, with statistics ${scopes[normalisation.scope]}.`,
  ].join(' ');
}

function phantomText({ phantom }: DataSetConfig): string[] {
  if (phantom === undefined) return [];
  const { regions, probability } = phantom;
  return [
    `Images were synthetic, with a certain core and ${counted(regions, 'uncertain region')} per image; each region belonged to the structure with probability ${probability}, independently of its appearance.`,
  ];
}

function preparationText(
  { preprocessing: { roi, spacingMm, resampling, align } }: DataSetConfig,
  is2d: boolean,
): string {
  if (roi !== undefined) {
    const { sizePixels, downsample } = roi;
    const averaged = downsample === 1 ? '' : ` and averaged over blocks of ${downsample}×${downsample} pixels`;
    return `Square regions of ${sizePixels}×${sizePixels} pixels, centred on the structure, were extracted${averaged}.`;
  }
  if (is2d) return 'Images were used at their original resolution.';
  const aligned =
    align === 'toFirst'
      ? "Modalities on other grids were interpolated linearly onto the first modality's by their headers. "
      : '';
  return `${aligned}Images were resampled to an isotropic voxel size of ${spacingMm} mm by linear interpolation (${conventions[resampling] ?? resampling}).`;
}

const conventions: Readonly<Record<string, string>> = {
  itk: "ITK's convention: fields of view share their centre",
  scipyZoom: "the convention of SciPy's zoom: first and last voxel centres coincide",
};

const scopes = {
  dataset: 'of the whole data set, including the held-out cases',
  training: 'of the training folds',
  case: 'of each case',
} as const;

function splitText({ split, seed }: MethodsConfig): string {
  const stratified = split.stratify === 'volumeTercile' ? ', stratified by terciles of structure volume' : '';
  const drawn = split.file === undefined ? `drawn with seed ${seed}${stratified}` : 'read from a file';
  return `Networks were evaluated by ${split.folds}-fold cross-validation. Folds were ${drawn}; all cases of a participant were assigned to the same fold. Each case was evaluated once, by the network trained without its fold.`;
}

function trainingText({ config: { training, network }, results: { models, losses } }: ReportInput): string {
  const rates = models.map((model) => `${training.learningRate[model] ?? '?'} (${modelLabel(model)})`);
  const { softDice, plateau, stop } = training;
  return [
    `A separate network was trained for each fold, each model (${listed(models.map(modelLabel))}) and each loss (${listed(losses.map(lossLong))}).`,
    upsamplings[network.upsampling] ?? `Up-sampling: “${network.upsampling}”.`,
    `Networks were optimised with Adam, with a batch size of ${training.batchSize} and an initial learning rate of ${listed(rates)}.`,
    `The learning rate was divided by ${plateau.divideBy} after every ${counted(plateau.patienceEpochs, 'epoch')} without improvement of the validation loss.`,
    `Training stopped after ${counted(stop.patienceEpochs, 'epoch')} without improvement, or after ${counted(training.maxEpochs, 'epoch')} at the latest; the weights with the lowest validation loss were kept.`,
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
  ].join(' ');
}

const upsamplings: Readonly<Record<string, string>> = {
  same: 'Up-sampling was linear and preserved the size of the crop (“same”).',
  valid: 'Up-sampling was linear and unpadded (“valid”), so that networks predicted the central part of the crop.',
};

const reductions = {
  image: 'for each image, then averaged over the batch',
  batch: 'over all images of a batch together',
} as const;

function metricsText({ evaluation: { clip, threshold } }: MethodsConfig): string {
  return [
    'Metrics were computed on the whole prepared image; outside the crop and the mask, the prediction is 0.',
    `CE is the mean cross-entropy over the voxels, with probabilities clipped to [${clip}, 1 − ${clip}]; 1 − SD is the soft Dice score of the probabilities, and Dice the score of the voxels with ŷ > ${threshold}.`,
    `The volume error is ΔV = V(Ŷ) − V(Y), where V(Ŷ) sums the probabilities; “ΔV hard” counts the voxels with ŷ > ${threshold} instead.`,
    'Tables report means over all cases of all folds.',
  ].join(' ');
}

function statisticsText({ config, results: { confidence, significance } }: ReportInput): string {
  const { resamples } = config.statistics;
  return [
    `Mean volume errors and paired differences between losses were tested by a bootstrap with ${resamples} samples. Participants were drawn with replacement, together with all their cases; comparisons over the same cases used the same samples.`,
    `Confidence intervals are percentile intervals at a level of ${percent(confidence)} %.`,
    `Two-sided p-values are p = 2·(1 + min(n₁, n₂)) / (${resamples} + 1), at most 1, where n₁ and n₂ are the numbers of samples with a mean ≤ 0 and ≥ 0.`,
    `Results with p < ${significance} were considered significant; p-values were not corrected for multiple comparisons.`,
  ].join(' ');
}
