import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { participantsOf } from '../split/participants.js';
import { volumeTerciles } from '../split/volume-terciles.js';

/**
 * The volume tercile of each participant, over the cases of the rows. The split forms terciles by the same rule from the prepared
 * volumes; here they are those of the true volumes as measured, so a participant near a bound may be in another one.
 */
export function stratumOfParticipants(
  rows: readonly Pick<EvaluationRow, 'caseId' | 'participant' | 'truthVolume'>[],
): Map<string, number> {
  const cases = new Map(
    rows.map(({ caseId: id, participant, truthVolume: volume }) => [id, { id, participant, volume }]),
  );
  const terciles = volumeTerciles(participantsOf([...cases.values()]));
  return new Map(terciles.flatMap((participants, tercile) => participants.map(({ name }) => [name, tercile])));
}
