import { relative } from 'node:path';

import type { UnitFailure } from '../../contracts/sweep.js';
import { wordsOfDifference } from '../../domain/lineage/reasons.js';
import { triageWords, type TriagedUnit } from '../../domain/plan/triage.js';
import { counted } from '../../domain/report/words/format-number.js';
import { excludedCases } from '../../steps/provenance/excluded-cases.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { knownRunLog } from '../../storage/sweeps/run-log.js';
import { timeOf } from '../engine/obstacles.js';
import type { Project } from '../project.js';
import { commandFor, type PlaceFlags } from '../terminal/command-for.js';
import { liveCommands } from '../terminal/live-commands.js';
import { localTime } from '../terminal/local-time.js';
import { pausedLine } from '../terminal/paused-line.js';
import { soFarLine } from '../terminal/so-far-line.js';
import { textTable } from '../terminal/table.js';
import { countsOfTriage } from '../watch/page-state.js';
import { excludedLines } from './excluded-lines.js';
import type { SweepFacts } from './sweep-facts.js';
import type { SweepStatus } from './sweep-status.js';
import { failureLines, tellFailures } from './told-failures.js';
import { triageText } from './triage-text.js';

/** Settings that differ are named up to this number in the list of sweeps. */
const mostSettings = 2;

export interface KnownStatus {
  readonly status: SweepStatus;
  /** Of a sweep whose last run has left no result: what has become of each unit. */
  readonly triage: readonly TriagedUnit[] | undefined;
  readonly facts: SweepFacts | undefined;
}

/** One sweep: its runs, its steps or units, and its failures with what to do. */
export async function statusText(project: Project, known: KnownStatus, place: PlaceFlags): Promise<string> {
  const { status, triage, facts } = known;
  const { sweep, state, progress, waitingFor } = status;
  const lines = [`${sweep}: ${state}`, ...factLines(facts)];
  for (const obstacle of waitingFor) lines.push(`waiting since ${timeOf(obstacle)}: ${obstacle.what}`);
  const log = state === 'not finished' ? knownRunLog(project.folder, sweep) : undefined;
  if (log !== undefined) lines.push(`its last run in the background says why in ${log}`);
  if (progress !== null) {
    const paused = pausedLine(progress, liveCommands(sweep, place).resume);
    if (paused !== undefined) lines.push(paused);
    const rows = progress.steps.map(({ step, total, cached, done, failed }) =>
      [step, total, cached, done, failed].map(String),
    );
    lines.push(textTable(['step', 'units', 'cached', 'computed', 'failed'], rows));
    lines.push(...excludedLines(await excludedCases(project, sweep)));
    lines.push(...soFarLines(progress.steps, sweep, place));
  } else if (triage !== undefined) {
    lines.push(countsOf(triage), triageText(triage), ...soFarLines(countsOfTriage(triage), sweep, place));
  }
  const failures = progress?.failures ?? failuresOf(triage ?? []);
  const told = await tellFailures(project, { sweep, failures }, place);
  lines.push(...failureLines(told), ...told.remedies);
  if (told.again !== undefined) lines.push(`To retry: ${told.again}`);
  if (state === 'not finished' && facts !== undefined) {
    lines.push(`To go on: ${commandFor('run', place, facts.configPath)}`);
  }
  return lines.join('\n');
}

function soFarLines(steps: Parameters<typeof soFarLine>[0], sweep: string, place: PlaceFlags): string[] {
  const line = soFarLine(steps, liveCommands(sweep, place).report);
  return line === undefined ? [] : [line];
}

function factLines(facts: SweepFacts | undefined): string[] {
  if (facts === undefined) return [];
  const { configPath, history, changed } = facts;
  const runs =
    history === undefined
      ? ''
      : history.firstRun === history.lastRun
        ? `, run ${localTime(history.firstRun)}`
        : `, first run ${localTime(history.firstRun)}, last ${localTime(history.lastRun)}`;
  return [
    `config ${shownPath(configPath)}${runs}`,
    ...(changed === undefined
      ? []
      : [
          `differs from the sweep before it, ${changed.before}, in ${changed.settings.length === 0 ? 'its lock or environment' : 'its settings:'}`,
          ...changed.settings.map(
            ({ name, before, now }) => `  ${wordsOfDifference({ component: name, before, now })}`,
          ),
        ]),
  ];
}

/** Such as `61 units: 40 done, 2 resumable, 19 missing`. */
function countsOf(triage: readonly TriagedUnit[]): string {
  const counts = new Map<string, number>();
  for (const { state } of triage) counts.set(state, (counts.get(state) ?? 0) + 1);
  const words = [...counts].map(([state, count]) => `${count} ${state}`);
  return `${counted(triage.length, 'unit')}: ${words.join(', ')}`;
}

/** The failures that a triage knows of. */
export function failuresOf(triage: readonly TriagedUnit[]): UnitFailure[] {
  const failed = triage.filter(({ state }) => state === 'failed');
  return failed.map((one) => ({ unit: one.unit, kind: one.kind ?? 'Unexpected', message: triageWords(one) }));
}

/** A line for each sweep, in the order of their first runs. */
export function statusListText(
  { root }: DataFolder,
  statuses: readonly SweepStatus[],
  facts: ReadonlyMap<string, SweepFacts>,
): string {
  if (statuses.length === 0) {
    return `No sweep has run in ${root} yet. To start one: volbias quickstart, or with your own images volbias init FOLDER`;
  }
  const rows = statuses.map(({ sweep, state, progress }) => {
    const { configPath, history, changed } = facts.get(sweep) ?? {};
    const last = history === undefined ? '' : localTime(history.lastRun);
    return [sweep, state, unitsOf(progress, history?.computed), last, shownPath(configPath ?? ''), changeOf(changed)];
  });
  const head = ['sweep', 'state', 'units', 'last run', 'config', 'differs from the one before in'];
  return textTable(head, rows);
}

function unitsOf(progress: SweepStatus['progress'], computed: number | undefined): string {
  if (progress === null) return computed === undefined ? '' : `${computed} computed`;
  const sum = (key: 'total' | 'cached' | 'done'): number =>
    progress.steps.reduce((total, step) => total + step[key], 0);
  return `${sum('cached') + sum('done')}/${sum('total')}`;
}

function changeOf(changed: SweepFacts['changed']): string {
  if (changed === undefined) return '';
  const { settings } = changed;
  const named = settings
    .slice(0, mostSettings)
    .map(({ name, before, now }) => wordsOfDifference({ component: name, before, now }));
  const others = settings.length > mostSettings ? [`and ${settings.length - mostSettings} more`] : [];
  return [...named, ...others].join('\n');
}

/** Relative to the current folder, if it lies there. */
function shownPath(path: string): string {
  const own = relative('.', path);
  return path === '' || own.startsWith('..') ? path : own;
}

/** The statuses in the order of the sweeps' first runs. */
export function inOrder(statuses: readonly SweepStatus[], facts: ReadonlyMap<string, SweepFacts>): SweepStatus[] {
  const order = [...facts.keys()];
  return [...statuses].sort((a, b) => order.indexOf(a.sweep) - order.indexOf(b.sweep));
}

/** A status and its facts as a program wants them. */
export function jsonOf({ fault: _, ...status }: SweepStatus, facts: ReadonlyMap<string, SweepFacts>): object {
  const { configPath = null, history, changed = null } = facts.get(status.sweep) ?? {};
  const runs = { firstRun: history?.firstRun ?? null, lastRun: history?.lastRun ?? null };
  return { ...status, configPath, ...runs, computed: history?.computed ?? null, changed };
}
