import type { Command } from 'commander';

import { SweepState } from '../../domain/plan/sweep-state.js';
import { planUnits, shardCount, unitId } from '../../domain/plan/units.js';
import { scanCases, type Scan } from '../../storage/datasets/scan-cases.js';
import { FileDigests } from '../../storage/files/file-digests.js';
import { manifestDigest } from '../../storage/store/local-artifact-store.js';
import { readSweepContentFor, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import { pipeline, specificationOf } from '../../steps/pipeline.js';
import { scan } from '../../steps/scan.js';
import { describeSweep, type SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { dataDirOption, pathOption } from '../terminal/options.js';
import { openProject, type Project } from '../project.js';
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
    .description('Shows which units of a sweep are cached and which a run would compute. Computes nothing.')
    .argument('<config>', 'YAML or JSON file')
    .addOption(pathOption())
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias plan configs/quickstart.yaml')
    .action(async (configPath: string, flags: { path?: Map<string, string>; dataDir?: string; json?: true }) => {
      const project = openProject(flags.dataDir);
      const content = await readSweepContentFor(configPath, warn);
      const record = describeSweep(project.folder, { configPath, paths: flags.path ?? new Map() }, content);
      const notes: ScanNote[] = [];
      const rows = await planRows(project, { content, record, notes });
      if (flags.json === true) {
        printJson({ sweep: record.id, steps: rows, notes });
        return;
      }
      const cells = rows.map((row) => [row.step, row.does, String(row.total), String(row.cached), String(row.toRun)]);
      print(textTable(['step', 'what it does', 'units', 'cached', 'to run'], cells));
      const toRun = rows.reduce((sum, row) => sum + row.toRun, 0);
      for (const { dataSet, note } of notes) print(`${dataSet}: ${note}`);
      print(toRun === 0 ? 'Nothing to compute.' : `${String(toRun)} units to run in sweep ${record.id}.`);
    });
}

interface ScanNote {
  readonly dataSet: string;
  readonly note: string;
}

function notesOf({ excluded = [], warnings = [] }: Scan): string[] {
  return [
    ...excluded.map(({ id, reason }) => `case "${id}" is excluded: ${reason}`),
    ...warnings.map(({ warning, cases }) => `${warning} (${cases.length} cases, first: ${cases[0] ?? ''})`),
  ];
}

interface PlanRequest {
  readonly content: SweepContent;
  readonly record: SweepRecord;
  /** Filled with the notes of all data sets. */
  readonly notes: ScanNote[];
}

async function planRows({ store, folder }: Project, { content, record, notes }: PlanRequest): Promise<PlanRow[]> {
  const specification = specificationOf(content);
  const state = new SweepState(pipeline, specification.parameters);
  const digests = new FileDigests(folder.fileDigests);
  const shards = new Map<string, number>();
  const scans = new Map<string, string>();
  for (const dataSet of content.config.dataSets) {
    const location = record.locations[dataSet.name];
    const scanned = location === undefined ? undefined : await scanCases(dataSet, location, digests);
    if (scanned === undefined) {
      // The phantom has not been drawn yet: the number of its cases is known, but not their bytes.
      shards.set(dataSet.name, shardCount(dataSet.phantom?.cases ?? 0));
    } else {
      shards.set(dataSet.name, shardCount(scanned.cases.length));
      notes.push(...notesOf(scanned).map((note) => ({ dataSet: dataSet.name, note })));
      scans.set(unitId(scan.name, { dataSet: dataSet.name }), manifestDigest({ files: {}, summary: scanned }));
    }
  }
  const { models, losses, folds, repeats = 1 } = specification;
  const dataSets = specification.dataSets.map((name) => ({ name, shards: shards.get(name) ?? 0 }));
  state.add(planUnits(pipeline, { models, losses, folds, repeats, dataSets }));

  for (let progress = true; progress;) {
    progress = false;
    for (const { unit, key } of state.takeReady()) {
      const known = unit.step === scan.name ? scans.get(unit.id) : undefined;
      const found = await store.find(key);
      if (known !== undefined) {
        state.complete(unit.id, { step: unit.step, key, digest: known }, found?.digest === known ? 'cached' : 'done');
      } else if (unit.step !== scan.name && found !== undefined) {
        state.complete(unit.id, found, 'cached');
      } else {
        state.start(unit.id);
      }
      progress = true;
    }
  }
  const units = state.all();
  return pipeline.map(({ name, does }) => {
    const ofStep = units.filter(({ unit }) => unit.step === name);
    const cached = ofStep.filter(({ status }) => status === 'cached').length;
    return { step: name, does, total: ofStep.length, cached, toRun: ofStep.length - cached };
  });
}
