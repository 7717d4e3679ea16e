import type { Command } from 'commander';

import { digestOfJson } from '../../../domain/plan/key.js';
import { lossShort } from '../../../domain/report/words/labels.js';
import { counted } from '../../../domain/report/words/format-number.js';
import type { Lock } from '../../../domain/lock/lock.js';
import { operatorName } from '../../../storage/machine/operator.js';
import { lockFileOf, refuseExistingLock, writeLock } from '../../../storage/sweeps/lock-files.js';
import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { describeSweep, idOfSweep } from '../../../storage/sweeps/sweep-records.js';
import { takeProjectLock } from '../../engine/project-lock.js';
import { lockSweep } from '../../lineage/lock-sweep.js';
import { openPrivateProject } from '../../project.js';
import { dataDirOption, pathOption, storeOption } from '../../terminal/options.js';
import { progressLine } from '../../terminal/progress-line.js';
import { print, printJson, warn } from '../../terminal/table.js';

interface LockFlags {
  readonly path?: Map<string, string>;
  readonly output?: string;
  readonly dataDir?: string;
  readonly store?: string;
  readonly json?: true;
}

export function registerLockCommand(program: Command): void {
  program
    .command('lock')
    .summary('freeze a sweep before its results are seen')
    .description(
      'Pre-registration: writes the digests of settings, data, folds, arms, tests, primary outcome and steps to a file, and ' +
        'records it in the lineage. Prepares the images for it, but trains nothing. The report of a later run states that ' +
        'it is as locked, or each deviation. docs/lineage.md has more.',
    )
    .argument('<config>', 'YAML or JSON file')
    .option('--output <file>', 'where to write it (default: beside the config, with the ending .lock.json)')
    .addOption(pathOption())
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print the lock as JSON')
    .addHelpText('after', '\nExample:\n  volbias lock configs/quickstart.yaml && volbias run configs/quickstart.yaml')
    .action(async (configPath: string, flags: LockFlags) => {
      const output = flags.output ?? lockFileOf(configPath);
      refuseExistingLock(output);
      const project = openPrivateProject(flags);
      const { lock: _, ...content } = await readSweepContentFor(configPath, { onWarning: warn, paths: flags.path });
      const record = describeSweep(project.folder, { configPath, paths: flags.path ?? new Map() }, content);
      const release = await takeProjectLock(project.folder);
      const progress = progressLine(process.stderr);
      try {
        const lock = await lockSweep(project, { content, record, at: new Date() }, progress.show);
        const digest = digestOfJson(lock);
        const sweep = idOfSweep({ ...content, lock });
        // Before the file: whoever has it can find it in the log.
        await project.lineage.append('action', { action: 'lock', sweep, units: [], digest, operator: operatorName() });
        await writeLock(output, lock);
        progress.clear();
        if (flags.json) printJson({ file: output, digest, sweep, lock });
        else printLock(lock, { output, digest, sweep });
      } finally {
        progress.clear();
        await release();
      }
    });
}

function printLock(lock: Lock, { output, digest, sweep }: { output: string; digest: string; sweep: string }): void {
  print(`Locked ${lock.name} on ${lock.lockedAt}: ${output}`);
  print(`SHA-256 ${digest}`);
  for (const [name, data] of Object.entries(lock.data)) {
    const folds = lock.splits[name]?.cases.join(' + ');
    if (data === null) print(`${name}: its images are not there, so neither they nor their folds are locked`);
    else print(`${name}: ${counted(data.files, 'file')} of ${counted(data.cases, 'case')}, folds of ${folds} cases`);
  }
  const { grid, difference } = lock.primaryOutcome;
  const compared = difference === null ? 'against 0' : `${lossShort(difference[0])} − ${lossShort(difference[1])}`;
  print(`Primary outcome: volume error on the ${grid} grid, ${compared}`);
  print(`Keep the digest, or send it to somebody. The sweep will be ${sweep}`);
}
