import type { MeasuredUnit } from '../../domain/plan/time-left.js';
import { isLong, parseUnitName } from '../../domain/plan/unit-name.js';
import { counted } from '../../domain/report/words/format-number.js';
import type { SweepPlan } from '../../steps/planning/plan-sweep.js';
import { preprocess } from '../../steps/preprocess.js';
import { alikeUnits } from '../../steps/provenance/alike-units.js';
import { preparedVoxelsIn } from '../../storage/cases/prepared-cases.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { Project } from '../project.js';
import { duration } from '../terminal/duration.js';
import { casesOf, roughCost } from './rough-cost.js';
import { roughUnits } from './rough-units.js';

export interface ExpectedCost {
  /** Seconds of work that units of the same arms took here before with the same settings; null if none has run here. */
  readonly measuredSeconds: number | null;
  /** Units of arms that have not run here so, which `measuredSeconds` leaves out. */
  readonly unknownUnits: number;
  /** What these take by the networks' arithmetic, if each training goes on for all epochs. */
  readonly unknownSeconds: number;
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
  const means = meansByArm(alikeUnits((await lineage.inspect()).records, content));
  const unknown = long.filter((unit) => !means.has(armOf(unit)));
  const roughly = roughUnits(content.config, (dataSet) => casesOf(content.config, plan, dataSet));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const voxels = new Map([...drawnVoxels(content), ...(await storedVoxels(store, content, plan)), ...fromHeaders]);
  const rough = roughCost(content, plan, voxels);
  return {
    measuredSeconds: unknown.length === long.length ? null : sum(long.map((unit) => means.get(armOf(unit)) ?? 0)),
    unknownUnits: unknown.length,
    unknownSeconds: sum(unknown.map((unit) => roughly(unit) ?? 0)),
    roughTrainingSeconds: rough.seconds,
    diskBytes: rough.diskBytes,
  };
}

/** A unit but for its fold and repeat. */
function armOf(unit: string): string {
  const { step, coordinates } = parseUnitName(unit) ?? {};
  return [step, coordinates?.dataSet, coordinates?.model, coordinates?.loss].join(' ');
}

function meansByArm(units: readonly MeasuredUnit[]): Map<string, number> {
  const sums = new Map<string, { seconds: number; count: number }>();
  for (const { unit, seconds } of units) {
    const known = sums.get(armOf(unit)) ?? { seconds: 0, count: 0 };
    sums.set(armOf(unit), { seconds: known.seconds + seconds, count: known.count + 1 });
  }
  return new Map([...sums].map(([arm, { seconds, count }]) => [arm, seconds / count]));
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
  const { measuredSeconds, unknownUnits, unknownSeconds, roughTrainingSeconds, diskBytes } = cost;
  const epochs = counted(maxEpochs, 'epoch');
  const disk = `Results will take at most ${size(diskBytes)} of disk.`;
  if (measuredSeconds === null) {
    return [
      `Nothing of this has run here yet. Rough estimate: at most ${duration(roughTrainingSeconds / slots)} if every training ` +
        `runs for all ${epochs}; it may be off by a factor of four, and --cost measures it. ${disk}`,
    ];
  }
  const others =
    unknownUnits === 0
      ? ''
      : `, and for ${counted(unknownUnits, 'unit')} that have not run here with these settings roughly ` +
        `${duration(unknownSeconds)} more at most (it may be off by a factor of four)`;
  return [
    `About ${duration(measuredSeconds)} of work, judging by the same arms here before${others}; a training runs for at most ` +
      `${epochs}, and --cost measures what they take. ${disk}`,
  ];
}

/** Such as `350 MB` or `1.2 GB`. */
function size(bytes: number): string {
  const [unit, count] = bytes < 1e9 ? ['MB', Math.max(bytes / 1e6, 1)] : ['GB', bytes / 1e9];
  return `${count < 10 ? count.toPrecision(2) : Math.round(count)} ${unit}`;
}
