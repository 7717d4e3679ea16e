import type { Command } from 'commander';

import { parseUnitName } from '../../domain/plan/unit-name.js';
import { warningLines, type CaseWarning } from '../../domain/results/case-warnings.js';
import { fewParticipantsWarning } from '../../domain/results/enough-participants.js';
import { countCauses, shortReason } from '../../domain/lineage/reasons.js';
import { counted } from '../../domain/report/words/format-number.js';
import { preparationLines } from '../../storage/datasets/findings/case-warnings.js';
import { filesOf, type Scan } from '../../storage/datasets/scan-cases.js';
import { readSweepContentFor, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import { explainSweep } from '../../steps/planning/explain-sweep.js';
import { planSweep, type SweepPlan } from '../../steps/planning/plan-sweep.js';
import { pipeline } from '../../steps/pipeline.js';
import { preprocess } from '../../steps/preprocess.js';
import { statistics } from '../../steps/statistics.js';
import { structureNameOf } from '../../configs/expand-structures.js';
import { undeclaredWarning } from '../../storage/datasets/declared-labels.js';
import { checkDataSets } from '../../storage/datasets/check-data-sets.js';
import type { Finding } from '../../storage/datasets/findings/finding.js';
import { readHeaders } from '../../storage/datasets/findings/header-findings.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import { describeSweep, type DataSetLocation } from '../../storage/sweeps/sweep-records.js';
import { verdictLine } from '../lineage/why-text.js';
import { costLines, expectedCost } from '../plan/expected-cost.js';
import type { ArmCost } from '../plan/plan-cost.js';
import { duration } from '../terminal/duration.js';
import { dataDirOption, pathOption, storeOption } from '../terminal/options.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { progressLine } from '../terminal/progress-line.js';
import { openProject } from '../project.js';
import { print, printJson, textTable, warn } from '../terminal/table.js';

interface PlanRow {
  readonly step: string;
  readonly does: string;
  readonly total: number;
  readonly cached: number;
  readonly toRun: number;
}

export function registerPlanCommand(program: Command): void {
  program
    .command('plan')
    .summary('show what a run would compute')
    .description('Shows which units of a sweep are cached and which a run would compute. Computes nothing of them.')
    .argument('<config>', 'YAML or JSON file')
    .addOption(pathOption())
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--why', 'say of each unit that would run what has changed')
    .option('--cost', 'measure each arm for a few seconds, and say what the trainings take at most on this machine')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias plan configs/quickstart.yaml --cost')
    .action(async (configPath: string, flags: PlanFlags) => {
      const project = openProject(flags);
      const content = await readSweepContentFor(configPath, { onWarning: warn, paths: flags.path });
      const record = describeSweep(project.folder, { configPath, paths: flags.path ?? new Map() }, content);
      const located = await checkDataSets(content, record.locations, (cases) => {
        warn(`faulty cases were found; reading the other ${cases} to list them all …`);
      });
      const plan = await planSweep(project, content, record, located);
      const { findings, preparedVoxels } = await headersOfUnprepared(plan, content, record.locations);
      const [rows, notes] = [rowsOf(plan), [...notesIn(plan), ...(await preparationNotes(project.store, plan))]];
      const explanations = await explainSweep(project.folder, plan);
      const because = countCauses(explanations);
      const hasErrors = findings.some(({ severity }) => severity === 'error');
      const progress = progressLine(process.stderr);
      const show = (arm: string): void => {
        progress.show(`measuring ${arm}`);
      };
      const { costs, slots } = flags.cost ? await measured(content, plan, show).finally(progress.clear) : {};
      const expected = await expectedCost(project, { content, plan }, preparedVoxels);
      if (flags.json === true) {
        const cost = costs && { arms: costs, parallelTrainings: slots };
        printJson({
          ...{ sweep: record.id, steps: rows, notes, findings, because },
          ...(flags.why && { units: explanations }),
          ...(expected && { expected }),
          ...(cost && { cost }),
        });
        if (hasErrors) process.exitCode = exitCodes.failed;
        return;
      }
      const cells = rows.map((row) => [row.step, row.does, String(row.total), String(row.cached), String(row.toRun)]);
      print(textTable(['step', 'what it does', 'units', 'cached', 'to run'], cells));
      const toRun = rows.reduce((sum, row) => sum + row.toRun, 0);
      for (const { dataSet, note } of notes) print(`${dataSet}: ${note}`);
      for (const { severity, dataSet, case: id, message } of findings)
        print(`${severity}: ${dataSet}${id === undefined ? '' : `, case ${id}`}: ${message}`);
      if (hasErrors) process.exitCode = exitCodes.failed;
      if (flags.why) {
        for (const one of explanations) if (one.verdict !== 'cached') print(verdictLine(one));
      }
      print(
        toRun === 0
          ? 'Nothing to compute.'
          : `${counted(toRun, 'unit')} to run in sweep ${record.id}${because.length === 0 ? '.' : ':'}`,
      );
      for (const { because: reason, units, steps } of because) {
        const which = Object.entries(steps).map(([step, count]) => `${step} ${count}`);
        print(`  ${counted(units, 'unit')}: ${shortReason(reason)} (${which.join(', ')})`);
      }
      const { maxEpochs } = content.config.training;
      if (costs !== undefined) printCosts(costs, maxEpochs, slots ?? 1);
      else if (expected !== undefined) {
        for (const line of costLines(expected, { maxEpochs, slots: await slotsFor(content) })) print(line);
      }
    });
}

interface PlanFlags {
  readonly path?: Map<string, string>;
  readonly dataDir?: string;
  readonly store?: string;
  readonly why?: true;
  readonly cost?: true;
  readonly json?: true;
}

/** What the trainings cost, and how many would run at a time. Few ask for it, so its modules are loaded only then. */
async function measured(
  content: SweepContent,
  plan: SweepPlan,
  onArm: (arm: string) => void,
): Promise<{ readonly costs: ArmCost[]; readonly slots: number }> {
  const { planCost } = await import('../plan/plan-cost.js');
  return { costs: await planCost(content, plan, onArm), slots: await slotsFor(content) };
}

/** How many trainings run at a time on this machine. */
async function slotsFor({ config: { numerics } }: SweepContent): Promise<number> {
  const { trainingSlots } = await import('../engine/embedded-worker.js');
  return Number(await trainingSlots(numerics.threads));
}

function printCosts(costs: readonly ArmCost[], maxEpochs: number, slots: number): void {
  if (costs.length === 0) return;
  const rows = costs.map(({ dataSet, model, loss, trainings, stepSeconds, peakMemoryBytes, seconds }) => [
    `${dataSet}/${model}/${loss}`,
    ...[String(trainings), stepTime(stepSeconds), `${(peakMemoryBytes / 1e9).toFixed(1)} GB`],
    duration(seconds),
  ]);
  print(textTable(['arm', 'trainings', 'a step', 'memory', 'together at most'], rows));
  const total = costs.reduce((sum, { seconds }) => sum + seconds, 0);
  const atATime = slots > 1 ? `, or ${duration(total / slots)} with ${slots} trainings at a time` : '';
  print(
    `All trainings take at most ${duration(total)} on this machine${atATime}: if each goes on for all ${maxEpochs} epochs.`,
  );
  print('Evaluation and preparation come on top. Trainings side by side may slow each other down.');
}

/** Such as `8.71 ms` or `4.89 s`. */
function stepTime(seconds: number): string {
  return seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

interface ReadBefore {
  readonly findings: readonly (Finding & { readonly dataSet: string })[];
  /** By data set. */
  readonly preparedVoxels: ReadonlyMap<string, number>;
}

/** What headers tell of data sets that have not been prepared yet. */
async function headersOfUnprepared(
  { works, scans }: SweepPlan,
  { config: { dataSets, network }, structuresOf }: SweepContent,
  locations: Readonly<Record<string, DataSetLocation>>,
): Promise<ReadBefore> {
  const unprepared = new Set(
    works.flatMap(({ step, unit, cached }) =>
      step === preprocess.name && !cached ? (parseUnitName(unit)?.coordinates.dataSet ?? []) : [],
    ),
  );
  const findings: ReadBefore['findings'][number][] = [];
  const preparedVoxels = new Map<string, number>();
  for (const dataSet of dataSets) {
    const location = locations[dataSet.name];
    const found = scans.get(dataSet.name)?.found.cases;
    if (!unprepared.has(dataSet.name) || location === undefined || found === undefined) continue;
    const cases = found.map((own) => filesOf(location, own));
    const read = await readHeaders(cases, { ...dataSet, ...network });
    const structure = structureNameOf(dataSet.name, structuresOf?.[dataSet.name]);
    const undeclared = await undeclaredWarning(dataSet, { root: location.root, structure });
    if (undeclared !== undefined) findings.push({ dataSet: dataSet.name, severity: 'warning', message: undeclared });
    findings.push(...read.findings.map((finding) => ({ dataSet: dataSet.name, ...finding })));
    preparedVoxels.set(dataSet.name, read.preparedVoxels);
  }
  return { findings, preparedVoxels };
}

/** What is known of each data set's prepared cases, where the store has them. */
async function preparationNotes(store: ArtifactStore, { works }: SweepPlan): Promise<ScanNote[]> {
  const warnings = new Map<string, CaseWarning[]>();
  const notes: ScanNote[] = [];
  for (const { step, unit, digest, cached } of works) {
    const isPrepared = step === preprocess.name;
    if (!(isPrepared || step === statistics.name) || !cached || digest === null) continue;
    const dataSet = parseUnitName(unit)?.coordinates.dataSet ?? '';
    const { summary } = await store.manifest(digest);
    if (isPrepared) {
      const own = preprocess.summary.parse(summary).warnings ?? [];
      warnings.set(dataSet, [...(warnings.get(dataSet) ?? []), ...own]);
      continue;
    }
    // Shards come first.
    const lines = preparationLines(statistics.summary.parse(summary).cases, warnings.get(dataSet) ?? []);
    notes.push(...lines.map((note) => ({ dataSet, note })));
  }
  return notes;
}

interface ScanNote {
  readonly dataSet: string;
  readonly note: string;
}

function notesOf({ cases, excluded = [], warnings = [] }: Scan): string[] {
  const few = fewParticipantsWarning(new Set(cases.map(({ participant }) => participant)).size);
  return [
    ...(few === undefined ? [] : [few]),
    ...excluded.map(({ id, reason }) => `case "${id}" is excluded: ${reason}`),
    ...warningLines(warnings),
  ];
}

function notesIn({ scans }: SweepPlan): ScanNote[] {
  return [...scans].flatMap(([dataSet, { found }]) => notesOf(found).map((note) => ({ dataSet, note })));
}

function rowsOf({ works }: SweepPlan): PlanRow[] {
  return pipeline.map(({ name, does }) => {
    const ofStep = works.filter(({ step }) => step === name);
    const cached = ofStep.filter((work) => work.cached).length;
    return { step: name, does, total: ofStep.length, cached, toRun: ofStep.length - cached };
  });
}
