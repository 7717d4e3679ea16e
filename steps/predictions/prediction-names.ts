import { bidsLabels } from '../../domain/formats/bids-labels.js';
import type { SweepPrediction } from './sweep-predictions.js';

type Named = Pick<SweepPrediction, 'caseId' | 'participant' | 'model' | 'loss' | 'repeat'>;

/**
 * Where the files of each prediction of a data set lie, by the naming of BIDS derivatives and without an ending, such as
 * `sub-01/anat/sub-01_desc-unetSd`. A participant with several cases has a session for each of them. A repeat other than the first
 * is in the description.
 */
export function predictionNames<Prediction extends Named>(
  predictions: readonly Prediction[],
): ReadonlyMap<Prediction, string> {
  const subjects = bidsLabels(predictions.map(({ participant }) => participant));
  const arms = bidsLabels(predictions.map(describe));
  const sessions = new Map<string, ReadonlyMap<string, string>>();
  for (const participant of subjects.keys()) {
    const own = predictions.filter((one) => one.participant === participant).map(({ caseId }) => caseId);
    sessions.set(participant, bidsLabels(own));
  }
  return new Map(
    predictions.map((prediction) => {
      const { participant, caseId } = prediction;
      const ofParticipant = sessions.get(participant);
      const subject = `sub-${subjects.get(participant) ?? ''}`;
      const session = (ofParticipant?.size ?? 1) > 1 ? [`ses-${ofParticipant?.get(caseId) ?? ''}`] : [];
      const folder = [subject, ...session, 'anat'].join('/');
      const name = [subject, ...session, `desc-${arms.get(describe(prediction)) ?? ''}`].join('_');
      return [prediction, `${folder}/${name}`];
    }),
  );
}

/** Such as `unet-Sd`, `unet-Tversky-0p3-0p7` or `lr-Ce-Repeat2`, which labels have without hyphens. */
function describe({ model, loss, repeat }: Named): string {
  const name = `${loss.charAt(0).toUpperCase()}${loss.slice(1)}`.replace(/\./g, 'p');
  return `${model}-${name}${repeat > 0 ? `-Repeat${repeat + 1}` : ''}`;
}
