import type { ReportInput } from '../report-input.js';
import { counted, listed, percent } from './format-number.js';
import { lossLong, modelLabel } from './labels.js';
import type { MethodsConfig } from './methods-config.js';

/** The methods, in the words of a paper, from the settings of the sweep. One heading and paragraph each. */
export function methodsOf(input: ReportInput): { readonly heading: string; readonly text: string }[] {
  return [
    ...input.config.dataSets.map((dataSet) => ({ heading: dataSet.name, text: dataText(dataSet, input) })),
    { heading: 'Cross-validation', text: splitText(input.config) },
    { heading: 'Training', text: trainingText(input) },
    { heading: 'Measures', text: measuresText(input.config) },
    { heading: 'Statistics', text: statisticsText(input) },
  ];
}

function dataText(dataSet: MethodsConfig['dataSets'][number], input: ReportInput): string {
  const { phantom, preprocessing, modalities } = dataSet;
  const { roi, mask } = preprocessing;
  const found = input.results.dataSets.find((candidate) => candidate.name === dataSet.name);
  const size = found && `${counted(found.cases, 'case')} of ${counted(found.participants, 'participant')}`;
  const preparation =
    roi !== undefined
      ? `Square regions of ${roi.sizePixels} pixels round the structure's centre, averaged down by ${roi.downsample}.`
      : found?.unit === 'hundredPixels'
        ? 'Pixels as they are on disk.'
        : `Resampled to ${preprocessing.spacingMm} mm isotropic (${conventions[preprocessing.resampling] ?? preprocessing.resampling}).`;
  return [
    phantom === undefined
      ? `${size ?? 'No cases'}, ${modalities.join(', ')}.`
      : `${size ?? 'No cases'}; synthetic: ${counted(phantom.regions, 'region')} that belong${phantom.regions === 1 ? 's' : ''} to the structure with probability ${phantom.probability}, which nothing in the image shows.`,
    preparation,
    `Central crop of ${preprocessing.crop.join('×')}.`,
    mask === 'none' ? '' : `Outside ${mask.modality} > ${mask.greaterThan} the prediction is 0.`,
    normalisations[preprocessing.normalisation.scope],
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

const conventions: Readonly<Record<string, string>> = {
  itk: "ITK's convention: fields of view centred on each other",
  scipyZoom: "the convention of SciPy's zoom: first and last voxel centres aligned",
};

const normalisations = {
  dataset: 'Intensities normalised by mean and standard deviation of the whole data set, held-out cases included.',
  training: 'Intensities normalised by mean and standard deviation of the training folds.',
  case: 'Intensities normalised by mean and standard deviation of each case.',
} as const;

function splitText({ split, seed }: MethodsConfig): string {
  const drawn =
    split.file === undefined
      ? `drawn with seed ${seed}${split.stratify === 'volumeTercile' ? ', stratified by terciles of structure volume' : ''}`
      : 'read from a file';
  return `${split.folds} folds ${drawn}; all cases of a participant lie in one fold. Each case is measured once, by the network that was trained without its fold.`;
}

function trainingText({ config: { training, network }, results: { models, losses } }: ReportInput): string {
  const rates = models.map((model) => `${training.learningRate[model] ?? '?'} (${modelLabel(model)})`);
  const { softDice } = training;
  const validation =
    training.validation === 'heldOut'
      ? 'Validation loss on the held-out fold itself, as the authors of the paper did: scores are optimistic.'
      : 'Validation loss on a fifth of the training participants, not on the held-out fold.';
  return [
    `${listed(models.map(modelLabel))}, each trained with ${listed(losses.map(lossLong))}; up-sampling “${network.upsampling}”.`,
    `Adam, batch size ${training.batchSize}, initial learning rate ${listed(rates)}; divided by ${training.plateau.divideBy} after ${training.plateau.patienceEpochs} epochs without improvement, stopped after ${training.stop.patienceEpochs}, at most ${counted(training.maxEpochs, 'epoch')}; the weights of the best validation loss are kept.`,
    validation,
    training.augmentation === 'none' ? 'No augmentation.' : 'Training images are augmented (settings below).',
    training.onConstantPrediction === 'diverge'
      ? 'A training at whose end the best network, or every network after it, predicts one probability everywhere counts as failed.'
      : '',
    losses.includes('sd') ? `Soft Dice loss with ε = ${softDice.epsilon}, ratio per ${softDice.reduction}.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function measuresText({ evaluation }: MethodsConfig): string {
  return [
    `On the whole prepared image; outside crop and mask the prediction is 0. CE is the mean over voxels with probabilities clipped to [${evaluation.clip}, 1 − ${evaluation.clip}].`,
    `1 − SD is the soft Dice score of the probabilities, Dice that of ŷ > ${evaluation.threshold}.`,
    `ΔV = V(Ŷ) − V(Y), where V(Ŷ) sums the probabilities; “ΔV hard” counts the voxels with ŷ > ${evaluation.threshold} instead. Tables give means over all cases of all folds.`,
  ].join(' ');
}

function statisticsText({ config, results: { confidence, significance } }: ReportInput): string {
  const { resamples } = config.statistics;
  return [
    `Paired bootstrap with ${resamples} samples that draw participants with replacement and keep their cases together, the same samples for every comparison over the same cases.`,
    `Percentile intervals of ${percent(confidence)} %; two-sided p = 2·(1 + the smaller of the numbers of samples with mean ≤ 0 and ≥ 0) / (${resamples} + 1); significant if p < ${significance}. Not corrected for the number of comparisons.`,
  ].join(' ');
}
