import { InvalidArgumentError, type Command } from 'commander';

import { counted, firstTen } from '../../../domain/report/words/format-number.js';
import { digestPattern } from '../../../contracts/patterns.js';
import { readRecordedWork } from '../../../storage/store/work-records.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import type { Finding } from '../../../storage/verify/finding.js';
import { commandFor } from '../../terminal/command-for.js';
import { refuseLinkedFolders } from '../../../storage/store/linked-folders.js';
import { rebuildIndex } from '../../../storage/verify/rebuild-index.js';
import { repair } from '../../../storage/verify/repair.js';
import { verifyFolder, type Verification } from '../../lineage/verify-folder.js';
import { alone, openProject, type Project } from '../../project.js';
import { exitCodes } from '../../terminal/exit-codes.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { progressLine } from '../../terminal/progress-line.js';
import { print, printJson } from '../../terminal/table.js';

interface VerifyFlags {
  readonly deep?: true;
  readonly audit?: number;
  readonly head?: string;
  readonly repair?: true;
  readonly rebuildIndex?: true;
  readonly dataDir?: string;
  readonly store?: string;
  readonly json?: true;
}

export function registerVerifyCommand(program: Command): void {
  program
    .command('verify')
    .summary('check every byte against its record')
    .description(
      'Checks the chain of the lineage log, the index, and the SHA-256 of every stored object, and names what depends on ' +
        'a damaged one. Exits with 3 if anything is not as it was recorded. Needs no server. docs/lineage.md has more.',
    )
    .argument('[sweep]', 'check only what this sweep needs')
    .option('--deep', 'also the files of the data sets, exported reports, checkpoints and the form of every result')
    .option('--audit <percent>', 'also compute this share of the units again, and compare the bytes', parseShare)
    .option(
      '--head <digest>',
      'also check that the log continues the one that had this head; of a shared store, all logs',
      parseDigest,
    )
    .option(
      '--repair',
      'put damaged files aside and acknowledge damage of the log; the next run computes what is missing',
    )
    .option('--rebuild-index', 'first write missing records of the index, from the log')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias verify\n  volbias verify quickstart-0123456789 --deep --audit 5%')
    .action(async (sweep: string | undefined, flags: VerifyFlags) => {
      const project = openProject(alone(flags));
      const { folder, store, lineage } = project;
      if (flags.repair || flags.rebuildIndex) await refuseLinkedFolders(folder);
      const rebuilt = flags.rebuildIndex && (await rebuildIndex(folder, store, await readRecordedWork(lineage)));
      const progress = progressLine(process.stderr);
      const request = { sweep, deep: flags.deep === true, auditShare: flags.audit ?? 0, onProgress: progress.show };
      const result = await verifyFolder(project, request).finally(progress.clear);
      const continued = flags.head === undefined ? undefined : await openProject(flags).lineage.continues(flags.head);
      if (flags.repair) await repair(folder, { lineage, log: result.log, findings: result.findings });
      if (flags.json) printJson(asJson(result, { continued, rebuilt }));
      else await printResult(project, result, { continued, rebuilt, flags });
      const left = flags.repair ? result.findings.filter(({ repairable }) => !repairable) : result.findings;
      if (left.length > 0 || typeof continued === 'string') process.exitCode = exitCodes.mismatch;
    });
}

interface Extras {
  readonly continued: number | string | undefined;
  readonly rebuilt: number | undefined;
}

function asJson({ log, findings, ...counts }: Verification, { continued, rebuilt }: Extras): object {
  return {
    head: log.digests.at(-1) ?? null,
    records: log.digests.length,
    acknowledged: log.acknowledged.length,
    ...counts,
    ...(rebuilt !== undefined && { rebuiltIndexRecords: rebuilt }),
    ...(continued !== undefined && { continuesHead: typeof continued === 'number', headCheck: continued }),
    findings,
  };
}

async function printResult(
  project: Project,
  { log, objects, bytes, audited, findings }: Verification,
  { continued, rebuilt, flags }: Extras & { readonly flags: VerifyFlags },
): Promise<void> {
  if (rebuilt !== undefined) print(`Rebuilt ${counted(rebuilt, 'record')} of the index.`);
  print(`Log: ${counted(log.digests.length, 'record')}, head ${log.digests.at(-1) ?? 'none'}`);
  for (const { line, problem, at } of log.acknowledged) print(`  line ${line}: ${problem}; acknowledged in line ${at}`);
  if (log.incompleteBytes > 0) print('  its last line is incomplete; the next run puts it aside');
  if (typeof continued === 'number')
    print(`  it continues the log that had the given head, ${counted(continued, 'record')} long`);
  if (typeof continued === 'string') print(`  NOT the log that had the given head: ${continued}`);
  print(`Objects: ${objects}, ${(bytes / 1e6).toFixed(1)} MB`);
  if (audited !== null) {
    print(`Audit: ${counted(audited.units.length, 'unit')} computed again`);
    for (const unit of audited.units) print(`  ${unit}`);
    if (audited.skipped.length > 0) print('Skipped, because their sweeps are gone or have other settings:');
    for (const unit of audited.skipped) print(`  ${unit}`);
  }
  for (const finding of findings) printFinding(finding);
  if (findings.length === 0) print('Everything is as it was recorded.');
  else await printRemedy(project, findings, flags);
}

function printFinding({ path, line, problem, of, dependents, sweeps }: Finding): void {
  print(`\n✗ ${path}${line === undefined || line === 0 ? '' : `, line ${line}`}: ${problem}`);
  if (of.length > 0) print(`    ${firstTen(of)}`);
  if (dependents.length > 0)
    print(`    ${counted(dependents.length, 'result depends', 'results depend')} on it: ${firstTen(dependents)}`);
  if (sweeps.length > 0) print(`    needed by ${firstTen(sweeps)}`);
}

async function printRemedy({ folder }: Project, findings: readonly Finding[], flags: VerifyFlags): Promise<void> {
  const repairable = findings.some((finding) => finding.repairable);
  print(`\n${counted(findings.length, 'problem')}.`);
  if (repairable && flags.repair) print(`Damaged files were put aside in ${folder.quarantine}, and the log says so.`);
  else if (repairable) print(`To put the damaged files aside: ${commandFor('verify --repair', flags)}`);
  const sweeps = new Set(findings.flatMap(({ sweeps: needing }) => needing));
  const configs = new Set<string>();
  for (const id of sweeps) {
    const record = await readSweepRecord(folder, id).catch(() => undefined);
    if (record !== undefined) configs.add(record.configPath);
  }
  for (const path of configs) print(`Then, to compute again what is missing: ${commandFor('run', flags, path)}`);
}

function parseShare(text: string): number {
  const [, percent] = /^(\d+(?:\.\d+)?)%?$/.exec(text) ?? [];
  const share = Number(percent) / 100;
  if (share > 0 && share <= 1) return share;
  throw new InvalidArgumentError('Expected a percentage above 0 and up to 100, such as 5%.');
}

function parseDigest(text: string): string {
  if (digestPattern.test(text)) return text;
  throw new InvalidArgumentError('Expected a SHA-256: 64 hexadecimal digits, as "volbias report" prints it.');
}
