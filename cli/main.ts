#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command, CommanderError } from 'commander';

import { DomainError } from '../domain/domain-error.js';
import { packageFolder } from '../storage/machine/runtime-record.js';
import { exitCodes } from './terminal/exit-codes.js';
import { systemErrorWords } from './terminal/system-errors.js';
import { printable } from './terminal/printable.js';
import { sweepArguments } from './terminal/sweep-arguments.js';

const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };

const program = new Command('volbias')
  .description('Does the loss you train with bias the volumes you measure?')
  .version(version)
  .showHelpAfterError('(for a list of verbs, run: volbias --help)')
  .exitOverride();

// Whoever reads the output, such as `head`, may leave early. What is being computed is not ended by that.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** The verbs in the order of the help. Each is loaded only when it is asked for: most start in a third of the time. */
const verbs: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  setup: async () => (await import('./commands/setup-command.js')).registerSetupCommand,
  quickstart: async () => (await import('./commands/quickstart-command.js')).registerQuickstartCommand,
  init: async () => (await import('./commands/init-command.js')).registerInitCommand,
  run: async () => (await import('./commands/sweeps/run-command.js')).registerRunCommand,
  plan: async () => (await import('./commands/plan-command.js')).registerPlanCommand,
  lock: async () => (await import('./commands/lineage/lock-command.js')).registerLockCommand,
  status: async () => (await import('./commands/sweeps/status-command.js')).registerStatusCommand,
  rerun: async () => (await import('./commands/sweeps/rerun-command.js')).registerRerunCommand,
  pause: async () => (await import('./commands/sweeps/control-commands.js')).registerPauseCommand,
  resume: async () => (await import('./commands/sweeps/control-commands.js')).registerResumeCommand,
  cancel: async () => (await import('./commands/sweeps/control-commands.js')).registerCancelCommand,
  upgrade: async () => (await import('./commands/sweeps/upgrade-command.js')).registerUpgradeCommand,
  attach: async () => (await import('./commands/sweeps/attach-command.js')).registerAttachCommand,
  watch: async () => (await import('./commands/sweeps/watch-command.js')).registerWatchCommand,
  logs: async () => (await import('./commands/sweeps/logs-command.js')).registerLogsCommand,
  report: async () => (await import('./commands/report-command.js')).registerReportCommand,
  trace: async () => (await import('./commands/lineage/trace-command.js')).registerTraceCommand,
  why: async () => (await import('./commands/lineage/why-command.js')).registerWhyCommand,
  verify: async () => (await import('./commands/lineage/verify-command.js')).registerVerifyCommand,
  diff: async () => (await import('./commands/lineage/diff-command.js')).registerDiffCommand,
  compare: async () => (await import('./commands/lineage/compare-command.js')).registerCompareCommand,
  gc: async () => (await import('./commands/lineage/gc-command.js')).registerGcCommand,
  predict: async () => (await import('./commands/predict-command.js')).registerPredictCommand,
  export: async () => (await import('./commands/lineage/export-command.js')).registerExportCommand,
  import: async () => (await import('./commands/lineage/import-command.js')).registerImportCommand,
  augment: async () => (await import('./commands/augment-command.js')).registerAugmentCommand,
  theory: async () => (await import('./commands/theory-command.js')).registerTheoryCommand,
  evaluate: async () => (await import('./commands/evaluate-command.js')).registerEvaluateCommand,
  inspect: async () => (await import('./commands/inspect-command.js')).registerInspectCommand,
  resample: async () => (await import('./commands/resample-command.js')).registerResampleCommand,
  validate: async () => (await import('./commands/validate-command.js')).registerValidateCommand,
  worker: async () => (await import('./commands/worker-command.js')).registerWorkerCommand,
  server: async () => (await import('./commands/server-command.js')).registerServerCommand,
  doctor: async () => (await import('./commands/doctor-command.js')).registerDoctorCommand,
  completion: async () => (await import('./commands/completion-command.js')).registerCompletionCommand,
  config: async () => (await import('./commands/config-command.js')).registerConfigCommand,
};

/** A shell asks what may follow the words that are written: they are no arguments. */
const toComplete =
  process.argv[2] === 'completion' && process.argv[3] === '--words' ? process.argv.slice(4) : undefined;
const verb = toComplete === undefined ? process.argv[2] : toComplete.length > 1 ? toComplete[0] : undefined;
const asked = Object.hasOwn(verbs, verb ?? '') ? verbs[verb ?? ''] : undefined;
for (const load of asked === undefined ? Object.values(verbs) : [asked]) (await load())(program);
for (const own of program.commands) own.showHelpAfterError(`(for usage, run: volbias ${own.name()} --help)`);

program.hook('preAction', async (_, acting) => {
  const named = acting.registeredArguments.flatMap((argument, index) =>
    sweepArguments.includes(argument.name()) && typeof acting.processedArgs[index] === 'string' ? [index] : [],
  );
  if (named.length === 0) return;
  const { openProject } = await import('./project.js');
  const { wholeSweepId } = await import('./sweep/whole-sweep-id.js');
  const { folder } = openProject(acting.opts());
  for (const index of named)
    acting.processedArgs[index] = await wholeSweepId(folder, String(acting.processedArgs[index]));
});

try {
  if (toComplete === undefined) await program.parseAsync();
  else await (await import('./commands/completion-command.js')).printCompletions(program, toComplete);
} catch (error) {
  process.exitCode = await exitCodeOfError(error);
}

async function exitCodeOfError(error: unknown): Promise<number> {
  // Commander has already printed its message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof DomainError) {
    process.stderr.write(`volbias: ${printable(error.message)}\n`);
    if (error.code === 'STORE_CORRUPT') return exitCodes.mismatch;
    return ['ARGUMENT_INVALID', 'CONFIG_INVALID', 'DATA_SET_INVALID', 'SPLIT_INVALID'].includes(error.code)
      ? exitCodes.usage
      : exitCodes.failed;
  }
  // Whoever is interrupted has loaded the engine already.
  const { RunInterrupted } = await import('./engine/follow-sweep.js');
  if (error instanceof RunInterrupted) {
    process.stderr.write('interrupted; the same command resumes it\n');
    return exitCodes.interrupted;
  }
  process.stderr.write(`volbias: ${printable(describeFault(error))}\n`);
  return exitCodes.failed;
}

/** A system error has a readable message with the path; any other error is a bug, shown with its stack. */
function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('syscall' in error) return systemErrorWords(error, optionsOf(verb)) ?? error.message;
  return error.stack ?? error.message;
}

/** The long options of a verb. */
function optionsOf(name: string | undefined): string[] {
  const own = program.commands.find((command) => command.name() === name)?.options ?? [];
  return own.flatMap(({ long }) => long ?? []);
}
