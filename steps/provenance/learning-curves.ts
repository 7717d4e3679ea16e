import { curveCsv } from '../../domain/training/curve-csv.js';
import { readCurve, type LossCurve } from '../../domain/training/read-curve.js';
import { stepOfUnit } from '../../domain/plan/units.js';
import type { PlannedWork } from '../../domain/lineage/planned-work.js';
import { parsed } from '../../storage/files/parsed.js';
import { readStoredText } from '../../storage/files/stored-file.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { curveFile } from '../../storage/store/learning-curve.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { planSweep } from '../planning/plan-sweep.js';
import { train, trainingFiles, trainingHistory } from '../train.js';

interface Place {
  readonly folder: DataFolder;
  readonly store: ArtifactStore;
}

type Training = Pick<PlannedWork, 'unit' | 'key' | 'digest' | 'cached'>;

/** The learning curve of a training as CSV: of its result, or what it shows while it trains; undefined if there is none yet. */
export async function curveOfTraining(
  { folder, store }: Place,
  { unit, key, digest, cached }: Training,
): Promise<string | undefined> {
  if (cached && digest !== null) {
    const history = await store.readFile(await store.manifest(digest), trainingFiles.history);
    return curveCsv(parsed(trainingHistory, Buffer.from(history), `the history of ${unit}`));
  }
  const text = key === null ? '' : await readStoredText(curveFile(folder, key)).catch(() => '');
  return text === '' ? undefined : text;
}

/** The plan of a large sweep takes long to read. */
const leastMillisecondsBetweenPlans = 5000;
const mostOfTime = 1 / 20;

/** By unit. */
export type LossCurves = ReadonlyMap<string, LossCurve>;

/**
 * The learning curves of a sweep's trainings, as far as this machine has them, brought up to date again and again. The keys by which
 * they are found are known once what the trainings need is stored: the sweep's plan says them.
 */
export class LearningCurves {
  private readonly works = new Map<string, Training>();
  private readonly known = new Map<string, LossCurve>();
  /** Trainings whose curves no longer change. */
  private readonly complete = new Set<string>();
  private planning: Promise<void> | undefined;
  private nextPlan = 0;

  constructor(
    private readonly place: Place,
    private readonly record: SweepRecord,
    private readonly content: SweepContent,
  ) {}

  /**
   * The curves of trainings that have a result and of those that may be training now; other units are left out. Where keys are missing,
   * it begins to read the plan again, seldom, and does not wait for it.
   */
  async look(stored: readonly string[], running: readonly string[]): Promise<LossCurves> {
    const due = stored.filter((unit) => isTraining(unit) && !this.complete.has(unit));
    const all = [...due, ...running.filter(isTraining)];
    if (performance.now() >= this.nextPlan && all.some((unit) => this.isUnknown(unit))) void this.plan();
    for (const unit of all) {
      const work = this.works.get(unit);
      const text = work && (await curveOfTraining(this.place, work).catch(() => undefined));
      const curve = text === undefined ? undefined : readCurve(text);
      if (curve !== undefined) this.known.set(unit, curve);
    }
    for (const unit of due) if (!this.isUnknown(unit)) this.complete.add(unit);
    return this.known;
  }

  /** Reads the plan; where a data set is elsewhere, there is nothing to know. */
  async plan(): Promise<void> {
    this.nextPlan = Infinity;
    this.planning ??= this.readPlan().finally(() => (this.planning = undefined));
    await this.planning;
  }

  private async readPlan(): Promise<void> {
    const begun = performance.now();
    const works = await planSweep(this.place, this.content, this.record).then(
      (plan) => plan.works,
      () => [],
    );
    for (const { unit, key, digest, cached } of works) this.works.set(unit, { unit, key, digest, cached });
    const now = performance.now();
    this.nextPlan = now + Math.max(leastMillisecondsBetweenPlans, (now - begun) / mostOfTime);
  }

  private isUnknown(unit: string): boolean {
    return (this.works.get(unit)?.key ?? null) === null;
  }
}

const isTraining = (unit: string): boolean => stepOfUnit(unit) === train.name;
