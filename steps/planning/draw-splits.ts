import type { ArtifactRef } from '../../contracts/artifacts.js';
import { SweepState } from '../../domain/plan/sweep-state.js';
import { planUnits, shardCount } from '../../domain/plan/units.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { specificationOf } from '../pipeline.js';
import { preprocess } from '../preprocess.js';
import { runUnit } from '../run-unit.js';
import { scan } from '../scan.js';
import { split } from '../split.js';
import { statistics } from '../statistics.js';
import type { PipelineStep, SummaryOf, Surroundings } from '../step.js';
import { placesOf } from '../surroundings.js';
import { stepInputs, type StepInput } from '../step-inputs.js';

export interface DrawnSplits {
  readonly scanned: readonly StepInput<SummaryOf<typeof scan>>[];
  readonly drawn: readonly StepInput<SummaryOf<typeof split>>[];
}

const steps: readonly PipelineStep[] = [scan, preprocess, statistics, split];

/**
 * Scans and prepares data sets of a sweep and draws their folds, in this process. The store has the results afterwards,
 * and a run of the sweep computes none of them again. `onUnit` is told of each unit that is computed.
 */
export async function drawSplits(
  here: Omit<Surroundings, 'location' | 'drawPhantom' | 'checkpointMinutes' | 'onProgress'>,
  { content, record, dataSets }: { content: SweepContent; record: SweepRecord; dataSets: readonly string[] },
  onUnit: (unit: string) => void,
): Promise<DrawnSplits> {
  const { store, folder } = here;
  const { models, losses, folds, parameters } = specificationOf(content);
  const state = new SweepState(steps, parameters);
  const cases = new Map<string, number>();
  const made: { readonly unit: string; readonly ref: ArtifactRef }[] = [];
  const add = (chosen: readonly PipelineStep[]): void => {
    const sized = dataSets.map((name) => ({ name, shards: shardCount(cases.get(name) ?? 0) }));
    state.add(planUnits(chosen, { models, losses, folds, dataSets: sized }));
  };
  const settle = async (): Promise<void> => {
    for (let ready = state.takeReady(); ready.length > 0; ready = state.takeReady()) {
      for (const { unit, key, inputs, gaps } of ready) {
        const { id, coordinates } = unit;
        const step = steps.find(({ name }) => name === unit.step) as PipelineStep; // units are planned from these
        let ref = step.always ? undefined : await store.find(key);
        if (ref === undefined) {
          onUnit(id);
          const { id: sweepId, specification } = record;
          const request = { sweepId, specification, coordinates, key, inputs, gaps };
          const result = await runUnit(
            { step, request, content },
            {
              ...here,
              ...placesOf(folder, { content, record }, coordinates),
              onProgress: () => undefined,
            },
          );
          cases.set(coordinates.dataSet ?? '', result.caseCount ?? cases.get(coordinates.dataSet ?? '') ?? 0);
          ref = result.ref;
        }
        state.complete(id, ref, 'done');
        made.push({ unit: id, ref });
      }
    }
  };
  add([scan]);
  await settle();
  add(steps);
  await settle();
  const results = stepInputs(store, made);
  return { scanned: await results.all(scan), drawn: await results.all(split) };
}
