import { join } from 'node:path';

import type { Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import { exportReport } from '../../storage/sweeps/report-copy.js';
import { readSweepResult, writeLineageHead } from '../../storage/sweeps/sweep-results.js';
import { openPrivateProject } from '../project.js';
import { writeShownPredictions } from '../sweep/write-shown-predictions.js';
import { dataDirOption, storeOption } from '../terminal/options.js';
import { print, printJson } from '../terminal/table.js';

export function registerReportCommand(program: Command): void {
  program
    .command('report')
    .summary("print Table 1 and write a sweep's report again")
    .description("Copies a finished sweep's report from the store and prints Table 1. Computes nothing.")
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--predictions', 'also write every prediction on the grid of the original mask, as BIDS derivatives')
    .option('--json', 'print Table 1 as JSON')
    .addHelpText('after', '\nExample:\n  volbias report quickstart-0123456789')
    .action(async (sweep: string, flags: { dataDir?: string; store?: string; predictions?: true; json?: true }) => {
      const project = openPrivateProject(flags);
      const { folder, store, lineage } = project;
      const record = await readSweepRecord(folder, sweep);
      const report = (await readSweepResult(folder, record.id))?.report ?? null;
      if (report === null) {
        const message = `${sweep} has no report yet. Finish the sweep: volbias run ${record.configPath}`;
        throw new DomainError('ARGUMENT_INVALID', message);
      }
      const target = await exportReport(project, record.id, report);
      const { config } = await readSweepContent(store, record.specification);
      const predictions =
        flags.predictions === true || config.outputs?.predictions === 'all'
          ? await writeShownPredictions(project, { config, report, target })
          : undefined;
      const head = await writeLineageHead(folder, record.id, lineage);
      const manifest = await store.manifest(report.digest);
      const text = async (name: string): Promise<string> =>
        Buffer.from(await store.readFile(manifest, name)).toString('utf8');
      if (flags.json === true) {
        printJson(JSON.parse(await text('table1.json')));
      } else {
        print(await text('table1.txt'));
        print(`Report: ${join(target, 'report.html')}`);
        if (predictions !== undefined) print(`Predictions: ${predictions}`);
        print(`Lineage: ${head}`);
      }
    });
}
