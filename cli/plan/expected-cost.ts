import { TimeLeft } from '../../domain/plan/time-left.js';
import { isLong, parseUnitName } from '../../domain/plan/unit-name.js';
import { counted } from '../../domain/report/words/format-number.js';
import type { SweepPlan } from '../../steps/planning/plan-sweep.js';
import { preprocess } from '../../steps/preprocess.js';
import { measuredUnits } from '../../steps/provenance/recorded.js';
import { preparedVoxelsIn } from '../../storage/cases/prepared-cases.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { Project } from '../project.js';
import { duration } from '../terminal/duration.js';
import { casesOf, roughCost } from './rough-cost.js';
import { roughUnits } from './rough-units.js';

export interface ExpectedCost {
  /** Seconds of work that such units took here before, or null if no unit of their steps has run here. */
  readonly measuredSeconds: number | null;
  /** Units of steps or networks that have not run here, which `measuredSeconds` leaves out. */
  readonly unknownUnits: number;
  /** By the networks' arithmetic, if each training goes on for all epochs: right to a factor of four or so. */
  readonly roughTrainingSeconds: number;
  /** What the results take on disk at most. */
  readonly diskBytes: number;
}

/**
 * What the units to run will cost, without measuring anything; undefined if none of them is a training or an evaluation.
 * `fromHeaders`: voxels of data sets whose headers have been read.
 */
export async function expectedCost(
  { lineage, store }: Project,
  { content, plan }: { readonly content: SweepContent; readonly plan: SweepPlan },
  fromHeaders: ReadonlyMap<string, number>,
): Promise<ExpectedCost | undefined> {
  const long = plan.works.flatMap(({ unit, cached }) => (cached || !isLong(unit) ? [] : [unit]));
  if (long.length === 0) return undefined;
  const { seconds, unknown } = new TimeLeft(
    measuredUnits((await lineage.inspect()).records),
    roughUnits(content.config, (dataSet) => casesOf(content.config, plan, dataSet)),
  ).expected(long);
  const voxels = new Map([...drawnVoxels(content), ...(await storedVoxels(store, content, plan)), ...fromHeaders]);
  const rough = roughCost(content, plan, voxels);
  return {
    measuredSeconds: seconds === 0 ? null : seconds,
    unknownUnits: unknown,
    roughTrainingSeconds: rough.seconds,
    diskBytes: rough.diskBytes,
  };
}

/** Voxels of the cases that phantoms will have. */
function drawnVoxels({ config: { dataSets } }: SweepContent): [string, number][] {
  return dataSets.flatMap(({ name, phantom }): [string, number][] =>
    phantom === undefined
      ? []
      : [[name, phantom.cases * phantom.shape.reduce((product, length) => product * length, 1)]],
  );
}

/** Voxels of the cases that are in the store. */
async function storedVoxels(
  store: ArtifactStore,
  { config: { dataSets } }: SweepContent,
  { works }: SweepPlan,
): Promise<Map<string, number>> {
  const voxels = new Map<string, number>();
  for (const { step, unit, cached, digest } of works) {
    if (step !== preprocess.name || !cached || digest === null) continue;
    const { dataSet = '' } = parseUnitName(unit)?.coordinates ?? {};
    const channels = dataSets.find(({ name }) => name === dataSet)?.modalities.length ?? 1;
    const found = preparedVoxelsIn(await store.manifest(digest), channels);
    voxels.set(dataSet, (voxels.get(dataSet) ?? 0) + found);
  }
  return voxels;
}

/** The cost in words, for `maxEpochs` epochs and this many trainings at a time. */
export function costLines(cost: ExpectedCost, { maxEpochs, slots }: { maxEpochs: number; slots: number }): string[] {
  const { measuredSeconds, unknownUnits, roughTrainingSeconds, diskBytes } = cost;
  const epochs = counted(maxEpochs, 'epoch');
  const disk = `Results will take at most ${size(diskBytes)} of disk.`;
  if (measuredSeconds === null) {
    return [
      `No such unit has run here yet. Rough estimate: at most ${duration(roughTrainingSeconds / slots)} if every training ` +
        `runs for all ${epochs}; it may be off by a factor of four, and --cost measures it. ${disk}`,
    ];
  }
  const others =
    unknownUnits === 0 ? '' : ` (${counted(unknownUnits, 'unit')} of other steps or networks not included)`;
  return [
    `About ${duration(measuredSeconds)} of work, judging by earlier units here${others}; a training runs for at most ` +
      `${epochs}, and --cost measures what they take. ${disk}`,
  ];
}

/** Such as `350 MB` or `1.2 GB`. */
function size(bytes: number): string {
  const [unit, count] = bytes < 1e9 ? ['MB', Math.max(bytes / 1e6, 1)] : ['GB', bytes / 1e9];
  return `${count < 10 ? count.toPrecision(2) : Math.round(count)} ${unit}`;
}
