import type { Command } from 'commander';

import { checkDataSets } from '../../../storage/datasets/check-data-sets.js';
import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { DomainError } from '../../../domain/domain-error.js';
import { describeSweep, recordSweep } from '../../../storage/sweeps/sweep-records.js';
import { sayLockOf } from '../../lineage/say-lock.js';
import { configuredAddress } from '../../engine/engine.js';
import { expectUnlockedProject } from '../../engine/project-lock.js';
import { openPrivateProject } from '../../project.js';
import { refuseUnlessPrecise } from '../../../storage/machine/precision.js';
import { runAndReport, type EngineFlags } from '../../sweep/run-and-report.js';
import { runDetached } from '../../sweep/run-detached.js';
import { dataDirOption, pathOption, priorityOption, storeOption } from '../../terminal/options.js';
import { metricsAddressFor, metricsOption } from '../../terminal/metrics-option.js';
import { warn } from '../../terminal/table.js';

interface RunFlags extends EngineFlags {
  readonly detach?: true;
  readonly path?: Map<string, string>;
  readonly lock?: string;
  readonly metrics?: string;
  readonly priority?: string;
  readonly web?: true;
}

export function registerRunCommand(program: Command): void {
  program
    .command('run')
    .summary('run or resume a sweep')
    .description(
      'Computes every result of the config that is not cached yet, and writes the report. If the run is interrupted or killed, the same command resumes it. A paused sweep says so and waits for "volbias resume".',
    )
    .argument('<config>', 'YAML or JSON file')
    .addOption(pathOption())
    .option('--lock <file>', 'lock to compare with (default: the one beside the config, if there is one)')
    .option('--address <host:port>', 'use a running Temporal server and its workers')
    .addOption(metricsOption())
    .addOption(priorityOption())
    .option('--detach', 'run in the background, and return once the sweep has begun')
    .option('--web', 'offer a page on this machine that shows the run, as "volbias watch" does')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExamples:\n  volbias run configs/quickstart.yaml\n  volbias run brats2018.yaml --detach')
    .action(runConfig);
}

/** Runs or resumes the sweep of a config, and prints its result. */
export async function runConfig(configPath: string, flags: RunFlags): Promise<void> {
  const project = openPrivateProject(flags);
  const content = await readSweepContentFor(configPath, { onWarning: warn, lockPath: flags.lock, paths: flags.path });
  if (configuredAddress(flags.address) === undefined) {
    await expectUnlockedProject(project.folder);
    refuseUnlessPrecise(content.config.numerics, undefined);
  }
  if (flags.detach) {
    if (flags.web)
      throw new DomainError('ARGUMENT_INVALID', '--web is for a run in this terminal; use "volbias watch"');
    const { id } = describeSweep(project.folder, { configPath, paths: flags.path ?? new Map() }, content);
    await runDetached(project.folder, id, flags);
    return;
  }
  const metricsAddress = await metricsAddressOf(flags);
  const record = await recordSweep(
    project.folder,
    project.store,
    { configPath, paths: flags.path ?? new Map() },
    content,
  );
  await checkDataSets(content, record.locations, (cases) => {
    process.stderr.write(`Found faulty cases; reading the other ${cases} to list them all …\n`);
  });
  if (content.lock !== undefined) await sayLockOf(project, content.lock, { content, record });
  await runAndReport(project, record, content.config.numerics.threads, {
    ...flags,
    command: 'run',
    ...(metricsAddress !== undefined && { metricsAddress }),
    ...(flags.priority !== undefined && { priorityKey: Number(flags.priority) }),
  });
}

/** Where this run's own worker offers its metrics. ARGUMENT_INVALID if it has none, because it uses those of a server. */
async function metricsAddressOf({ metrics, address }: RunFlags): Promise<string | undefined> {
  if (metrics === undefined) return undefined;
  if (configuredAddress(address) === undefined) return metricsAddressFor(metrics);
  const reason = 'this run starts no worker: it uses those of the server';
  throw new DomainError('ARGUMENT_INVALID', `${reason}; give --metrics to "volbias worker"`);
}
