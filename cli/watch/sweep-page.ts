import { join } from 'node:path';

import type { UnitFailure } from '../../contracts/sweep.js';
import { sweepWorkflowId } from '../../contracts/workflow-ids.js';
import { progressMatrices, unitsByStatus, unitsByTriage } from '../../domain/plan/progress-matrix.js';
import { release } from '../../steps/pipeline.js';
import { LearningCurves } from '../../steps/provenance/learning-curves.js';
import { readStoredFile } from '../../storage/files/stored-file.js';
import { pageFile, reportFolder } from '../../storage/sweeps/report-copy.js';
import { readSweepContent, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../storage/sweeps/sweep-results.js';
import type { Project } from '../project.js';
import { currentTriage } from '../sweep/current-triage.js';
import { unitsOfArms } from '../sweep/picture-of.js';
import { failuresOf } from '../sweep/status-text.js';
import { readStatus } from '../sweep/sweep-status.js';
import { tellFailures, type ToldFailures } from '../sweep/told-failures.js';
import type { WatchedSweep } from '../sweep/watch-picture.js';
import { commandFor, type PlaceFlags } from '../terminal/command-for.js';
import { liveCommands } from '../terminal/live-commands.js';
import { pausedLine } from '../terminal/paused-line.js';
import { countsOfTriage, pageLosses, pageState, type PageReport, type ShownSweep } from './page-state.js';
import { startPageServer, type PageServer } from './server/page-server.js';

interface Options {
  /** 0 for any free one. */
  readonly port: number;
  readonly place: PlaceFlags;
  /** Whether the page is there after the sweep has ended, to show its report. */
  readonly outlivesSweep: boolean;
}

/** The page of one sweep. */
export class SweepPage {
  /** Whether it shows what the sweep has left. */
  private isLeft = false;
  private shown: Omit<ShownSweep, 'sweep' | 'reportCommand'> | undefined;
  private told: { readonly of: string; readonly failures: ToldFailures } | undefined;

  private constructor(
    private readonly project: Project,
    private readonly sweep: { readonly record: SweepRecord; readonly content: SweepContent },
    private readonly server: PageServer,
    private readonly options: Options,
  ) {}

  /** ARGUMENT_INVALID if the port cannot be opened. */
  static async open(project: Project, record: SweepRecord, options: Options): Promise<SweepPage> {
    const content = await readSweepContent(project.store, record.specification);
    const readReport = (name: string): Promise<Uint8Array | undefined> => readReportFile(project, record.id, name);
    const server = await startPageServer({ port: options.port, readReport });
    return new SweepPage(project, { record, content }, server, options);
  }

  get url(): string {
    return this.server.url;
  }

  /** Shows a running sweep. `webAddress`: of Temporal's own page, if it is known. */
  async show({ status, look, curves }: WatchedSweep, webAddress: string | undefined): Promise<void> {
    this.isLeft = false;
    const { id } = this.sweep.record;
    const progress = look?.progress ?? status.progress;
    const { place } = this.options;
    const paused = progress === null ? undefined : pausedLine(progress, commandFor(`resume ${id}`, place));
    const path = `namespaces/default/workflows/${encodeURIComponent(sweepWorkflowId(release, id))}`;
    this.send({
      ...{ state: status.state, waitingFor: status.waitingFor, counts: progress?.steps ?? [], paused },
      ...{
        matrices: look?.matrices() ?? this.allWaiting(),
        secondsLeft: look?.secondsLeft,
        goOn: undefined,
        report: undefined,
      },
      failures: await this.tell(progress?.failures ?? []),
      temporal: webAddress === undefined ? undefined : `${webAddress}/${path}`,
    });
    this.server.send('losses', pageLosses(unitsOfArms(this.sweep.content), curves));
  }

  /** Shows what a sweep that is not running has left. */
  async showLeft(): Promise<void> {
    if (this.isLeft) return;
    this.isLeft = true;
    const { project, sweep } = this;
    const { id, configPath } = sweep.record;
    const { state, progress, waitingFor } = await readStatus(project, id, undefined);
    // A data set may be elsewhere by now.
    const { units } = await currentTriage(project, sweep, undefined).catch(() => ({ units: [] }));
    const result = await readSweepResult(project.folder, id).catch(() => undefined);
    const isOpen = state === 'not finished';
    this.send({
      ...{ state, waitingFor, paused: undefined, secondsLeft: undefined, temporal: undefined },
      counts: progress?.steps ?? countsOfTriage(units),
      matrices: progressMatrices(unitsByTriage(units)),
      failures: await this.tell(progress?.failures ?? failuresOf(units)),
      goOn: isOpen ? commandFor('run', this.options.place, configPath) : undefined,
      report: result === undefined || result.report === null || isOpen ? undefined : this.reportPlace(),
    });
    const isStored = (one: (typeof units)[number]): boolean => one.state === 'done' || one.state === 'cached';
    const learning = new LearningCurves(project, sweep.record, sweep.content);
    await learning.plan();
    const names = (stored: boolean): string[] => units.flatMap((one) => (isStored(one) === stored ? [one.unit] : []));
    this.server.send('losses', pageLosses(unitsOfArms(sweep.content), await learning.look(names(true), names(false))));
  }

  /** The sweep is over: shows what it has left, and that nothing more comes. */
  async end(): Promise<void> {
    this.isLeft = false;
    await this.showLeft().finally(() => {
      this.server.end();
    });
  }

  /** Nobody runs the sweep any more: says so of what is shown, without looking at what it has left, which may take long. */
  stop(): void {
    const { place } = this.options;
    const goOn = commandFor('run', place, this.sweep.record.configPath);
    const stopped = { state: 'not finished', secondsLeft: undefined, temporal: undefined, goOn } as const;
    if (this.shown !== undefined) this.send({ ...this.shown, ...stopped });
    this.server.end();
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private allWaiting(): ShownSweep['matrices'] {
    const planned = unitsOfArms(this.sweep.content);
    return progressMatrices(unitsByStatus(planned, undefined, { parts: new Map(), failures: [] }));
  }

  private send(shown: Omit<ShownSweep, 'sweep' | 'reportCommand'>): void {
    this.shown = shown;
    const { id } = this.sweep.record;
    const reportCommand = liveCommands(id, this.options.place).report;
    this.server.send('state', pageState({ sweep: id, reportCommand, ...shown }));
  }

  /** Reasons are read only when there are other failures. */
  private async tell(failures: readonly UnitFailure[]): Promise<ToldFailures> {
    const of = JSON.stringify(failures);
    if (this.told?.of !== of) {
      const told = await tellFailures(this.project, { sweep: this.sweep.record.id, failures }, this.options.place);
      this.told = { of, failures: told };
    }
    return this.told.failures;
  }

  private reportPlace(): PageReport {
    if (this.options.outlivesSweep) return { href: `report/${pageFile}` };
    return { path: join(reportFolder(this.project.folder, this.sweep.record.id), pageFile) };
  }
}

/** A file of a sweep's report: the copy in the sweep's folder, else the store's. */
async function readReportFile({ folder, store }: Project, id: string, name: string): Promise<Uint8Array | undefined> {
  const report = (await readSweepResult(folder, id))?.report ?? null;
  if (report === null) return undefined;
  const manifest = await store.manifest(report.digest);
  if (!Object.hasOwn(manifest.files, name)) return undefined;
  return readStoredFile(join(reportFolder(folder, id), name)).catch(() => store.readFile(manifest, name));
}
