/** Names a training in a data set. All arms share it, so they start from the same weights and see cases in the same order. */
interface TrainingName {
  readonly seed: number;
  readonly dataSet: string;
  readonly fold: number;
  /** 0 for the first training, whose streams are those without repeats. */
  readonly repeat: number;
}

/**
 * The prefix of the names of a training's random streams: initial weights, case order, augmentation. Inner validation
 * cases are not drawn from them: they are the same in all repeats of a fold, which differ by the training alone.
 */
export function trainingStreamName({ seed, dataSet, fold, repeat }: TrainingName): readonly (string | number)[] {
  return [seed, dataSet, fold, ...(repeat === 0 ? [] : ['repeat', repeat])];
}
