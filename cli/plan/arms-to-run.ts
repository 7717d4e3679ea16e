import type { Config } from '../../configs/config-schema.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { lossName } from '../../domain/training/losses/loss-choice.js';
import type { ModelName } from '../../domain/training/networks/network.js';
import type { SweepPlan } from '../../steps/planning/plan-sweep.js';
import { train } from '../../steps/train.js';

export interface ArmToRun {
  readonly dataSet: string;
  readonly model: ModelName;
  readonly loss: string;
  /** Trainings that a run would do. */
  readonly trainings: number;
}

/** The arms of a plan with trainings to run, in the order of the config. */
export function armsToRun({ works }: SweepPlan, { dataSets, arms }: Config): ArmToRun[] {
  const counts = new Map<string, number>();
  for (const { step, unit, cached } of works) {
    const { dataSet, model, loss } = parseUnitName(unit)?.coordinates ?? {};
    const arm = [dataSet, model, loss].join(' ');
    if (step === train.name && !cached) counts.set(arm, (counts.get(arm) ?? 0) + 1);
  }
  return dataSets
    .flatMap(({ name: dataSet }) =>
      arms.models.flatMap((model) =>
        arms.losses.map(lossName).map((loss) => {
          const trainings = counts.get([dataSet, model, loss].join(' ')) ?? 0;
          return { dataSet, model, loss, trainings };
        }),
      ),
    )
    .filter(({ trainings }) => trainings > 0);
}
