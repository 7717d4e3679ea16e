import { predictor, type Prediction } from '../../../learning/network/predict.js';
import type { TrainedNetwork } from '../../../learning/network/weights-file.js';
import type { PredictionCase } from '../../../learning/training/training-case.js';

/** Ŷ of one case. */
export function predict(trained: TrainedNetwork, one: PredictionCase): Prediction {
  const ready = predictor(trained);
  try {
    return ready.predict(one);
  } finally {
    ready.dispose();
  }
}
