#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command, CommanderError } from 'commander';

import { DomainError } from '../domain/domain-error.js';
import { packageFolder } from '../storage/machine/runtime-record.js';
import { registerAugmentCommand } from './commands/augment-command.js';
import { registerConfigCommand } from './commands/config-command.js';
import { registerDoctorCommand } from './commands/doctor-command.js';
import { registerServerCommand, registerWorkerCommand } from './commands/engine-commands.js';
import { exitCodes } from './terminal/exit-codes.js';
import { registerInspectCommand } from './commands/inspect-command.js';
import { registerExportCommand } from './commands/export-command.js';
import { registerPlanCommand } from './commands/plan-command.js';
import { registerPredictCommand } from './commands/predict-command.js';
import { printable } from './terminal/printable.js';
import { registerReportCommand } from './commands/report-command.js';
import { registerResampleCommand } from './commands/resample-command.js';
import { registerRerunCommand, registerRunCommand } from './commands/run-command.js';
import { RunInterrupted } from './engine/follow-sweep.js';
import { registerStatusCommand } from './commands/status-command.js';
import { registerTheoryCommand } from './commands/theory-command.js';
import { registerValidateCommand } from './commands/validate-command.js';
import { registerVerifyCommand } from './commands/verify-command.js';

const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };

const program = new Command('volbias')
  .description('Does the loss you train with bias the volumes you measure?')
  .version(version)
  .showHelpAfterError('(for a list of verbs, run: volbias --help)')
  .exitOverride();

for (const register of [
  registerRunCommand,
  registerPlanCommand,
  registerStatusCommand,
  registerRerunCommand,
  registerReportCommand,
  registerPredictCommand,
  registerExportCommand,
  registerVerifyCommand,
  registerAugmentCommand,
  registerTheoryCommand,
  registerInspectCommand,
  registerResampleCommand,
  registerValidateCommand,
  registerWorkerCommand,
  registerServerCommand,
  registerDoctorCommand,
  registerConfigCommand,
]) {
  register(program);
}
for (const verb of program.commands) verb.showHelpAfterError(`(for usage, run: volbias ${verb.name()} --help)`);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOfError(error);
}

function exitCodeOfError(error: unknown): number {
  // Commander has already printed its message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof RunInterrupted) {
    process.stderr.write('interrupted; the same command resumes it\n');
    return exitCodes.interrupted;
  }
  if (error instanceof DomainError) {
    process.stderr.write(`volbias: ${printable(error.message)}\n`);
    if (error.code === 'STORE_CORRUPT') return exitCodes.mismatch;
    return ['ARGUMENT_INVALID', 'CONFIG_INVALID', 'DATA_SET_INVALID', 'SPLIT_INVALID'].includes(error.code)
      ? exitCodes.usage
      : exitCodes.failed;
  }
  process.stderr.write(`volbias: ${printable(describeFault(error))}\n`);
  return exitCodes.failed;
}

/** A system error has a readable message with the path; any other error is a bug, shown with its stack. */
function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error ? error.message : (error.stack ?? error.message);
}
