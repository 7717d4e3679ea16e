import { DomainError } from '../../../domain/domain-error.js';
import type { Trace, TracedWork } from '../../../domain/lineage/trace.js';
import { traceTarget, type TraceTarget, type TracedArm } from '../../../domain/lineage/trace-target.js';
import { measureNames } from '../../../domain/lineage/traced-measure.js';
import type { NamedUnit } from '../../../domain/plan/unit-name.js';
import { stepOfUnit, unitId } from '../../../domain/plan/units.js';
import { lossName } from '../../../domain/training/losses/loss-choice.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import { worksBehind } from '../../../storage/store/work-records.js';
import type { SweepContent } from '../../../storage/sweeps/sweep-content.js';
import { locationOf } from '../../../storage/sweeps/sweep-records.js';
import { evaluate } from '../../evaluate.js';
import { join } from '../../join.js';
import { pipeline } from '../../pipeline.js';
import { train } from '../../train.js';
import { machinesOf } from '../machines.js';
import { provenanceOf, type ProvenanceSources } from '../provenance-of.js';
import type { DatedWork } from '../recorded.js';
import { tracedEvents } from './traced-events.js';
import { tracedFiles } from './traced-files.js';
import { tracedValue, type TracedValue } from './traced-value.js';
import { tracedWorks } from './traced-works.js';

/**
 * Where a value, a file or a unit of a sweep comes from (domain/lineage/trace-target.ts says how each is named).
 * ARGUMENT_INVALID if the sweep has no such thing, or no report yet; STORE_CORRUPT if the log or the store is damaged.
 */
export async function traceSweep(sources: ProvenanceSources, id: string, what: string): Promise<Trace> {
  const { folder, store } = sources;
  const { record, content, records, works, made, root } = await provenanceOf(sources, id);
  const files = root === undefined ? [] : Object.keys((await store.manifest(root.digest)).files);
  const arms = armsOf(content);
  const target = traceTarget(what, { arms, files });
  if (target === undefined) throw unknown(record.id, what, { arms, files });
  if (target.kind !== 'unit' && root === undefined) {
    const message = `${record.id} has no report yet. Finish the sweep: volbias run ${record.configPath}`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  const reached = await reach(store, target, { id: record.id, works, made, root });
  const [start] = reached.works;
  if (start === undefined) throw unknown(record.id, what, { arms, files });
  const { key, digest } = start;
  const known = reached.value ?? { value: null, measuredIn: null, grid: null, cases: [] };
  const inputs = await tracedWorks(store, reached.works, { works, records });
  return {
    ...{ what, sweep: record.id, ...known, unit: start.unit, key, digest, inputs },
    files: await tracedFiles(store, reached.works, (name) => locationOf(folder, content, record, name)),
    environment: machinesOf(reached.works),
    actions: await tracedEvents(store, records, { sweep: record.id, works: [...reached.works, ...casesOf(inputs)] }),
  };
}

function casesOf(inputs: readonly TracedWork[]): DatedWork[] {
  return inputs
    .filter((work) => work.case !== undefined)
    .map(({ sweep, files: _, ...work }) => ({
      ...work,
      parameters: {},
      inputs: [...work.inputs],
      environment: { ...work.environment },
      ...(sweep !== null && { sweep }),
    }));
}

interface Known {
  readonly id: string;
  readonly works: readonly DatedWork[];
  /** Behind the report, whose own work is `root`. */
  readonly made: readonly DatedWork[];
  readonly root: DatedWork | undefined;
}

/** The works behind the target, the one that made it first, and its value. */
async function reach(
  store: ArtifactStore,
  target: TraceTarget,
  { id, works, made, root }: Known,
): Promise<{ readonly works: readonly DatedWork[]; readonly value?: TracedValue }> {
  if (target.kind === 'unit') return { works: worksOfUnit(target.named, { id, works, made, root }) };
  if (root === undefined) return { works: [] };
  if (target.kind === 'file') return { works: startingWith(root, made) };
  const value = await tracedValue(store, target, made);
  const units = new Set(value.cases.flatMap(({ predictions }) => predictions.map(({ unit }) => unit)));
  const evaluations = made.filter(({ unit }) => units.has(unit));
  const joined = made.filter(({ unit }) => unit === unitId(join.name, { dataSet: target.arm.dataSet }));
  return { works: [root, ...joined, ...worksBehind(made, evaluations)], value };
}

/** The unit's work, as the report uses it or, without one, as it was last done for the sweep, and what is behind it. */
function worksOfUnit({ step, coordinates }: NamedUnit, { id, works, made, root }: Known): DatedWork[] {
  // The short form of a training names what became of it, too: its evaluation.
  const steps = step === undefined ? [evaluate.name, train.name] : [step];
  for (const unit of steps.map((name) => unitId(name, coordinates))) {
    const start =
      // Another sweep that has done the work may have had another name for the data set.
      root?.inputs.find((input) => input.unit === unit) ??
      made.find((work) => work.unit === unit) ??
      works.findLast((work) => work.unit === unit && work.sweep === id);
    if (start === undefined) continue;
    // Of different works with the same result, the report has used one.
    const isUsed = made.some((work) => work.digest === start.digest && work.step === stepOfUnit(unit));
    const behind = worksBehind(isUsed ? made : works, [{ unit, digest: start.digest }]);
    const own = behind.find((work) => work.digest === start.digest && work.step === stepOfUnit(unit));
    if (own !== undefined) return startingWith(own, behind);
  }
  return [];
}

function startingWith(start: DatedWork, behind: readonly DatedWork[]): DatedWork[] {
  return [start, ...behind.filter((work) => work !== start)];
}

function armsOf({ config: { dataSets, arms } }: SweepContent): TracedArm[] {
  const losses = arms.losses.map(lossName);
  return dataSets.flatMap(({ name: dataSet }) =>
    arms.models.flatMap((model) => losses.map((loss) => ({ dataSet, model, loss }))),
  );
}

function unknown(
  sweep: string,
  what: string,
  { arms, files }: { readonly arms: readonly TracedArm[]; readonly files: readonly string[] },
): DomainError {
  const [arm] = arms;
  const cell = arm === undefined ? '' : `${arm.dataSet}.${arm.model}.${arm.loss}`;
  const steps = pipeline.map(({ name }) => name).join(', ');
  const forms = [
    `a value such as ${cell}.volumeError (of ${measureNames.join(', ')})`,
    `one of a case, ${cell}.volumeError.CASE, or its row, ${cell}.CASE`,
    ...(files.length > 0 ? [`a file of the report (${files.join(', ')})`] : []),
    `a unit of a step (${steps}), such as train ${cell.replaceAll('.', '/')}/fold-0`,
  ];
  return new DomainError('ARGUMENT_INVALID', `${sweep} has no "${what}"; expected ${forms.join('; ')}`);
}
