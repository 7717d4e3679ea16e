import { join, resolve } from 'node:path';

import type { Command } from 'commander';

import { comparisonCsv } from '../../../domain/comparison/comparison-csv.js';
import { compareSweeps } from '../../../steps/provenance/compare-sweeps.js';
import { writeFileAtomically } from '../../../storage/files/atomic-file.js';
import { comparisonText } from '../../lineage/comparison-text.js';
import { openProject } from '../../project.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

interface CompareFlags {
  readonly output?: string;
  readonly dataDir?: string;
  readonly store?: string;
  readonly json?: true;
}

export function registerCompareCommand(program: Command): void {
  program
    .command('compare')
    .summary("show two sweeps' tables beside each other, with paired tests")
    .description(
      'Compares the arms that two finished sweeps share, over the cases that they share: means of each, the paired difference ' +
        'with its tests, which cases are left out and why, and in which settings the sweeps differ. Needs no server. ' +
        'docs/statistics.md has the tests.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .argument('<other>', 'another one')
    .option('--output <folder>', 'also write comparison.csv, with numbers in full precision')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias compare lesions-0123456789 lesions-9876543210 --output comparison')
    .action(async (a: string, b: string, flags: CompareFlags) => {
      const comparison = await compareSweeps(openProject(flags), a, b);
      const file = flags.output === undefined ? undefined : join(resolve(flags.output), 'comparison.csv');
      if (file !== undefined) await writeFileAtomically(file, comparisonCsv(comparison));
      if (flags.json === true) {
        printJson(comparison);
      } else {
        print(comparisonText(comparison));
        if (file !== undefined) print(`CSV: ${file}`);
      }
    });
}
