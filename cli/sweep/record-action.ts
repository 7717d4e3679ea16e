import type { UnitSelection } from '../../domain/plan/unit-selection.js';
import { operatorName } from '../../storage/machine/operator.js';
import type { LineageLog } from '../../storage/store/lineage-log.js';

export interface Action {
  readonly action: 'rerun' | 'pause' | 'resume' | 'cancel' | 'upgrade';
  readonly sweep: string;
  readonly units: readonly string[];
  readonly selections?: readonly UnitSelection[];
  readonly reason: string | undefined;
  /** Of a rerun: whether trainings go on from their checkpoints. */
  readonly mode?: 'resume' | 'restart';
}

/** Records in the lineage who has told a sweep what, and why. */
export async function recordAction(
  lineage: LineageLog,
  { units, selections, reason, ...action }: Action,
): Promise<void> {
  const operator = operatorName();
  await lineage.append('action', {
    ...action,
    units: [...units],
    ...(selections !== undefined && { selections: [...selections] }),
    ...(reason !== undefined && { reason }),
    operator,
  });
}
