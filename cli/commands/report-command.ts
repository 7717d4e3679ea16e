import { join } from 'node:path';

import type { Command } from 'commander';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import { DomainError } from '../../domain/domain-error.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord, type SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { exportReport, pageFile } from '../../storage/sweeps/report-copy.js';
import { readSweepResult, writeLineageHead } from '../../storage/sweeps/sweep-results.js';
import { openPrivateProject, type Project, type ProjectFlags } from '../project.js';
import { writeShownPredictions } from '../sweep/write-shown-predictions.js';
import { writeWhatIsThere } from '../sweep/write-partial-report.js';
import { openInBrowser } from '../terminal/open-in-browser.js';
import { dataDirOption, storeOption } from '../terminal/options.js';
import { print, printJson, warn } from '../terminal/table.js';

interface ReportFlags extends ProjectFlags {
  readonly predictions?: true;
  readonly open?: true;
  readonly json?: true;
}

/** What the verb prints. */
interface Shown {
  readonly page: string;
  /** A file of the report. */
  readonly text: (name: string) => Promise<string> | string;
  /** Below the table. */
  readonly lines: readonly string[];
}

export function registerReportCommand(program: Command): void {
  program
    .command('report')
    .summary("print Table 1 and write a sweep's report again")
    .description(
      "Copies a finished sweep's report from the store and prints Table 1; computes nothing. Of a sweep that is running, was " +
        'interrupted or has failed, reports what is there so far and what is missing, to its folder partial-report; the run is ' +
        'not disturbed, and nothing is recorded.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--predictions', 'also write every prediction on the grid of the original mask, as BIDS derivatives')
    .option('--open', 'open the page in the browser')
    .option('--json', 'print Table 1 as JSON')
    .addHelpText('after', '\nExample:\n  volbias report quickstart-0123456789 --open')
    .action(async (sweep: string, flags: ReportFlags) => {
      const project = openPrivateProject(flags);
      const record = await readSweepRecord(project.folder, sweep);
      const report = (await readSweepResult(project.folder, record.id))?.report ?? null;
      const { page, text, lines } =
        report === null
          ? await showPartial(project, record, flags)
          : await showFinished(project, { record, report }, flags);
      if (flags.json === true) {
        printJson(JSON.parse(await text('table1.json')));
      } else {
        print(await text('table1.txt'));
        print(`Report: ${page}`);
        for (const line of lines) print(line);
      }
      if (flags.open === true && !(await openInBrowser(page))) {
        warn(`there is no browser to open here; the page is ${page}`);
      }
    });
}

async function showFinished(
  project: Project,
  { record, report }: { readonly record: SweepRecord; readonly report: ArtifactRef },
  flags: ReportFlags,
): Promise<Shown> {
  const { folder, store, lineage } = project;
  const target = await exportReport(project, record.id, report);
  const { config } = await readSweepContent(store, record.specification);
  const predictions =
    flags.predictions === true || config.outputs?.predictions === 'all'
      ? await writeShownPredictions(project, { config, report, target })
      : undefined;
  const head = await writeLineageHead(folder, record.id, lineage);
  const manifest = await store.manifest(report.digest);
  return {
    page: join(target, pageFile),
    text: async (name) => Buffer.from(await store.readFile(manifest, name)).toString('utf8'),
    lines: [...(predictions === undefined ? [] : [`Predictions: ${predictions}`]), `Lineage: ${head}`],
  };
}

async function showPartial(project: Project, record: SweepRecord, flags: ReportFlags): Promise<Shown> {
  if (flags.predictions === true) {
    const message = `${record.id} has no report yet, and --predictions writes those of a finished sweep; leave it out to see what is there`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  const { page, files } = await writeWhatIsThere(project, record, flags);
  return { page, text: (name) => files[name] ?? '', lines: [] };
}
