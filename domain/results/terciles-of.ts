import { meanOf } from '../evaluate/case-means.js';
import { reachableVolume } from '../evaluate/evaluate-case.js';
import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { participantsOf } from '../split/participants.js';
import { volumeTerciles } from '../split/volume-terciles.js';
import { judgedVolumes } from './judged-volumes.js';
import type { ArmTercile, VolumeTercile } from './results.js';

/**
 * The three thirds of the cases that any arm has, by the true volume that networks could predict, ties by id: small, medium and large ones. The same for all arms, so
 * that their means can be compared. Unlike those of the split and of the tests they are of cases, not of participants.
 */
export function tercilesOf(rows: readonly EvaluationRow[]): VolumeTercile[] {
  const volumes = new Map(rows.map((row) => [row.caseId, reachableVolume(row)]));
  const cases = [...volumes].map(([id, volume]) => ({ id, participant: id, volume }));
  return volumeTerciles(participantsOf(cases)).map((third) => ({
    caseIds: third.map(({ name }) => name),
    lowest: third[0]?.meanVolume ?? null,
    highest: third.at(-1)?.meanVolume ?? null,
  }));
}

/** Cases and mean judged volume error of an arm in each third. */
export function armTerciles(rows: readonly EvaluationRow[], terciles: readonly VolumeTercile[]): ArmTercile[] {
  return terciles.map(({ caseIds }) => {
    const known = new Set(caseIds);
    const own = rows.filter(({ caseId }) => known.has(caseId)).map(judgedVolumes);
    const mean = own.length === 0 ? null : meanOf(own, ({ truth, predicted }) => predicted - truth);
    return { cases: own.length, meanVolumeError: mean };
  });
}
