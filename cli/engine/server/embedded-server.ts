import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Connection } from '@temporalio/client';
import { z } from 'zod';

import { DomainError } from '../../../domain/domain-error.js';
import { writeFileAtomically } from '../../../storage/files/atomic-file.js';
import type { DataFolder } from '../../../storage/store/data-folder.js';
import { readRuntimeRecord } from '../../../storage/machine/runtime-record.js';
import { isAlive, recordedProcess, type RecordedProcess } from '../../../storage/machine/process-identity.js';
import { untilWritable } from '../obstacles.js';
import { endWithThisProcess } from './end-with-parent.js';
import { expectDatabaseFile, putDatabaseAside } from './server-database.js';
import { followServerLog } from './server-log.js';
import { isServerOf, spawnServer } from './spawn-server.js';
import { readStoredText } from '../../../storage/files/stored-file.js';

export interface EmbeddedServer {
  readonly address: string;
  readonly webAddress: string;
  /** The server's process; another one after a restart. */
  process(): RecordedProcess;
  /** Stops the server. Its state stays in the data folder. */
  stop(): Promise<void>;
  /** Resolves when the server has failed for good. */
  readonly ended: Promise<void>;
  /** Why it failed for good. */
  failure(): DomainError | undefined;
}

const serverRecord = z.object({ pid: z.int(), identity: z.string(), port: z.int(), webPort: z.int() });

const secondsToStart = 60;
/** Consecutive early exits after which the server is given up. */
const mostFalseStarts = 8;
/** How often a damaged database is put aside before the disk is given up. */
const mostDatabases = 3;
const secondsBetweenLooks = 3;
const steadyMilliseconds = 60_000;
const longestPauseMilliseconds = 4000;
/** Ports that are tried for a new server: a port that was free may be taken before the server opens it. */
const mostPorts = 5;

/** The server that was started last; undefined if there is no readable record. */
export async function readServerRecord(folder: DataFolder): Promise<z.infer<typeof serverRecord> | undefined> {
  try {
    return serverRecord.parse(JSON.parse(await readStoredText(join(folder.temporal, 'server.json'))));
  } catch {
    return undefined;
  }
}

/**
 * Starts Temporal's development server on loopback and free ports, with its SQLite file in the data folder; or takes over
 * the server of a killed run.
 */
export async function startEmbeddedServer(folder: DataFolder): Promise<EmbeddedServer> {
  const { temporalCli } = await readRuntimeRecord();
  const left = await readServerRecord(folder);
  if (left !== undefined && isAlive(left) && (await isServerOf(folder, left.pid))) {
    const { port, webPort } = left;
    if (await answers(port, 5)) return superviseServer(folder, temporalCli.path, { port, webPort, left });
    await end(left);
  }
  for (let tries = 1; ; tries++) {
    const [port, webPort] = await freePorts();
    try {
      return await superviseServer(folder, temporalCli.path, { port, webPort });
    } catch (error) {
      // Another process was faster; nothing depends on this port yet.
      if (!(error instanceof DomainError) || error.details.portTaken !== true || tries === mostPorts) throw error;
    }
  }
}

/**
 * Supervises the server, whether new or taken over, and restarts it on the same ports if it exits unasked: its state is
 * on disk. A server that keeps exiting is given up, with the reason.
 */
async function superviseServer(
  folder: DataFolder,
  executable: string,
  { port, webPort, left }: { readonly port: number; readonly webPort: number; readonly left?: RecordedProcess },
): Promise<EmbeddedServer> {
  const log = join(folder.temporal, 'server.log');
  let server: RecordedProcess = left ?? { pid: 0, identity: '' };
  let stopping = false;
  let falseStarts = 0;
  let damaged = 0;
  let failure: DomainError | undefined;
  let written = await followServerLog(log);
  let giveUp: (reason: string, details?: Readonly<Record<string, unknown>>) => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    giveUp = (reason, details) => {
      failure ??= new DomainError('CHILD_FAILED', reason, details);
      resolve();
    };
  });

  async function start(): Promise<void> {
    const started = performance.now();
    written = await followServerLog(log);
    await expectDatabaseFile(folder);
    const child = await spawnServer(folder, executable, { port, webPort });
    child.once('error', ({ message }) => {
      giveUp(
        `Temporal's server, ${executable}, cannot be started (${message}); run "volbias doctor" to check the installation`,
      );
    });
    const forget = endWithThisProcess(child.pid ?? 0);
    child.once('exit', () => {
      forget();
      void startAgain(performance.now() - started);
    });
    child.unref();
    server = recordedProcess(child.pid ?? 0);
    await writeFileAtomically(join(folder.temporal, 'server.json'), JSON.stringify({ ...server, port, webPort }));
  }

  async function startAgain(lifeMilliseconds: number): Promise<void> {
    falseStarts = lifeMilliseconds < steadyMilliseconds ? falseStarts + 1 : 1;
    try {
      await pause(Math.min(longestPauseMilliseconds, 50 * 2 ** falseStarts), undefined, { ref: false });
      await untilWritable(folder, () => stopping);
      if (stopping) return;
      const fault = await written.fault();
      if (fault === 'database damaged' && damaged++ < mostDatabases) await putDatabaseAside(folder);
      if (fault === 'port taken') {
        const reason = `Temporal's server cannot be restarted: another process has taken its port ${port}`;
        giveUp(reason, { portTaken: true });
      } else if (falseStarts > mostFalseStarts)
        giveUp(`Temporal's server exits whenever it is started; see its log: ${log}`);
      else await start();
    } catch (error) {
      giveUp(`Temporal's server cannot be restarted: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A process that another run started sends no exit event. */
  async function watch(found: RecordedProcess): Promise<void> {
    while (isAlive(found)) await pause(1000, undefined, { ref: false });
    if (!stopping) await startAgain(steadyMilliseconds);
  }

  if (left === undefined) {
    await start();
  } else {
    endWithThisProcess(left.pid);
    void watch(left);
  }
  // A server with a damaged page runs on, and fails whenever it needs that page.
  const looks = setInterval(() => {
    void written.fault().then(async (fault) => {
      if (fault === 'database damaged' && !stopping) await end(server);
    });
  }, secondsBetweenLooks * 1000).unref();
  const stop = async (): Promise<void> => {
    stopping = true;
    clearInterval(looks);
    await end(server);
  };
  if (left === undefined && !(await answers(port, secondsToStart, () => failure !== undefined))) {
    await stop();
    throw (
      failure ??
      new DomainError(
        'CHILD_FAILED',
        `Temporal's server did not answer within ${String(secondsToStart)} s; see its log: ${log}`,
      )
    );
  }
  return {
    address: `127.0.0.1:${String(port)}`,
    webAddress: `http://127.0.0.1:${String(webPort)}`,
    ...{ ended, failure: () => failure, process: () => server, stop },
  };
}

async function end(server: RecordedProcess): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive(server)) return;
    try {
      process.kill(server.pid, signal);
    } catch {
      return; // it has ended in the meantime
    }
    for (let waited = 0; waited < 100 && isAlive(server); waited++) await pause(50);
  }
}

async function answers(port: number, seconds: number, isHopeless = (): boolean => false): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline && !isHopeless()) {
    try {
      const connection = await Connection.connect({
        address: `127.0.0.1:${String(port)}`,
        connectTimeout: '2 seconds',
      });
      try {
        // The namespace is registered shortly after the port opens.
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        return true;
      } finally {
        await connection.close();
      }
    } catch {
      await pause(100);
    }
  }
  return false;
}

/** Two free ports, opened at the same time so that they differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0] ?? 0, ports[1] ?? 0];
}
