import { dataChanges, type CasesOfScan, type DataChanges } from './data-changes.js';
import { stepOfUnit } from '../plan/units.js';
import { inputDifferences, lost, ownDifferences, type Difference } from './differences.js';
import type { Cause, Explanation, Verdict } from './explanation.js';
import type { DescribedWork, DoneWork, PlannedWork } from './planned-work.js';

export interface ExplainSources {
  /** In the order of the plan. */
  readonly planned: readonly PlannedWork[];
  /** Oldest first. */
  readonly recorded: readonly DoneWork[];
  /** By the digest of a scan's result. */
  readonly casesOfScans: ReadonlyMap<string, CasesOfScan>;
  /** By key: the epochs in which trainings with checkpoints go on. */
  readonly checkpoints: ReadonlyMap<string, number>;
}

/** Explains every unit of a plan, in its order. */
export function explainUnits({ planned, recorded, casesOfScans, checkpoints }: ExplainSources): Explanation[] {
  const plan = new Map(planned.map((work) => [work.unit, work]));
  const order = new Map(planned.map(({ unit }, index) => [unit, index]));
  const byUnit = new Map<string, DoneWork[]>();
  const byResult = new Map<string, DoneWork>();
  const byKey = new Map<string, DoneWork>();
  for (const work of recorded) {
    byUnit.set(work.unit, [...(byUnit.get(work.unit) ?? []), work]);
    byResult.set(`${work.step} ${work.digest}`, work);
    byKey.set(work.key, work);
  }
  const known = new Map<string, readonly Cause[]>();

  const causesOf = (now: PlannedWork, before: DoneWork): readonly Cause[] => {
    const name = `${now.unit} ${before.key} ${before.digest}`;
    const found = known.get(name) ?? compare(now, before);
    known.set(name, found);
    return found;
  };

  const compare = (now: PlannedWork, before: DoneWork): Cause[] => {
    const data = changesOfData(before.digest, now.digest);
    if (data !== undefined) return [{ unit: now.unit, differences: [], data }];
    const own = ownDifferences(before, now);
    const inherited = inputDifferences(before, now).flatMap(({ component: input, before: digest }) => {
      const planOfInput = plan.get(input);
      const recordOfInput = byResult.get(`${stepOfUnit(input)} ${String(digest)}`);
      if (planOfInput === undefined) return [{ unit: input, differences: [gone] }];
      return recordOfInput === undefined
        ? [{ unit: input, differences: [added] }]
        : causesOf(planOfInput, recordOfInput);
    });
    // The whole sweep's settings contain those of its units, which say it more precisely.
    const isWhole = !now.unit.includes(' ');
    const differs = own.length > 0 && !(isWhole && inherited.length > 0);
    const found = [...inherited, ...(differs ? [{ unit: now.unit, differences: own }] : [])];
    if (found.length > 0 || now.digest === before.digest) return distinct(found, order);
    return [{ unit: now.unit, differences: [now.digest === null ? lost : otherBytes] }];
  };

  const changesOfData = (before: string, now: string | null): DataChanges | undefined => {
    const [old, own] = [casesOfScans.get(before), casesOfScans.get(now ?? '')];
    if (old === undefined || own === undefined || before === now) return undefined;
    return dataChanges(old, own);
  };

  return planned.map((now) => {
    const withKey = now.key === null ? undefined : byKey.get(now.key);
    // The key of a scan does not say what it finds.
    const same = now.digest === null || withKey?.digest === now.digest ? withKey : undefined;
    const candidates = byUnit.get(now.unit) ?? [];
    const against = same ?? nearest(now, candidates);
    const causes = now.cached || against === undefined ? [] : causesOf(now, against);
    const epoch = now.key === null ? undefined : checkpoints.get(now.key);
    return {
      ...{ unit: now.unit, key: now.key, verdict: verdictOf(now, { same, against, causes, epoch }) },
      ...(epoch !== undefined && !now.cached && { epoch }),
      against:
        against === undefined
          ? null
          : { key: against.key, digest: against.digest, at: against.at, sweep: against.sweep ?? null },
      differences: against === undefined ? [] : [...ownDifferences(against, now), ...inputDifferences(against, now)],
      causes,
      unchanged: against === undefined ? [] : unchangedParts(against, now),
    };
  });
}

const gone: Difference = { component: 'no longer needed', before: true, now: false };
const added: Difference = { component: 'new', before: false, now: true };
const otherBytes: Difference = { component: 'result', before: 'other bytes', now: 'of the same work' };

/** One cause for each unit, in the order of the plan. */
function distinct(causes: readonly Cause[], order: ReadonlyMap<string, number>): Cause[] {
  const byUnit = new Map(causes.map((cause) => [cause.unit, cause]));
  return [...byUnit.values()].sort((a, b) => (order.get(a.unit) ?? -1) - (order.get(b.unit) ?? -1));
}

/**
 * The recorded work with the fewest differences; of several, the latest. None that has no input in common: a report of other
 * data sets explains nothing.
 */
function nearest(now: PlannedWork, all: readonly DoneWork[]): DoneWork | undefined {
  const needed = new Set(now.inputs.map(({ unit }) => unit));
  const candidates = all.filter(({ inputs }) => needed.size === 0 || inputs.some(({ unit }) => needed.has(unit)));
  const count = (work: DoneWork): number => ownDifferences(work, now).length + inputDifferences(work, now).length;
  let best: { readonly work: DoneWork; readonly differences: number } | undefined;
  for (const work of candidates) {
    const differences = count(work);
    if (best === undefined || differences <= best.differences) best = { work, differences };
  }
  return best?.work;
}

function verdictOf(
  { cached }: PlannedWork,
  {
    same,
    against,
    causes,
    epoch,
  }: {
    readonly same: DoneWork | undefined;
    readonly against: DoneWork | undefined;
    readonly causes: readonly Cause[];
    readonly epoch: number | undefined;
  },
): Verdict {
  if (cached) return 'cached';
  if (epoch !== undefined) return 'resumable';
  if (same !== undefined) return 'lost';
  if (against === undefined) return 'new';
  return causes.every(({ differences }) => differences.includes(lost)) ? 'waiting' : 'changed';
}

function unchangedParts(before: DescribedWork, now: DescribedWork): string[] {
  const changed = new Set(
    [...ownDifferences(before, now), ...inputDifferences(before, now)].map((one) => one.component),
  );
  const inputs = now.inputs.map(({ unit }) => unit).filter((unit) => !changed.has(unit));
  return [...(changed.has('version of the step') ? [] : [`version ${now.version}`]), ...inputs];
}
