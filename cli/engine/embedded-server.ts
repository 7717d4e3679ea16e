import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { Connection } from '@temporalio/client';

import { DomainError } from '../../domain/domain-error.js';
import { writeFileAtomically } from '../../storage/files/atomic-file.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { readRuntimeRecord } from '../../storage/machine/runtime-record.js';
import { isAlive, recordedProcess, type RecordedProcess } from '../../storage/machine/process-identity.js';
import { pause } from './pause.js';

export interface EmbeddedServer {
  readonly address: string;
  readonly webAddress: string;
  /** Ends the server; its state stays in the data folder. */
  stop(): Promise<void>;
}

interface ServerRecord extends RecordedProcess {
  readonly port: number;
  readonly webPort: number;
}

const secondsToAnswer = 60;
const mostRestarts = 20;

export async function readServerRecord(folder: DataFolder): Promise<ServerRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(folder.temporal, 'server.json'), 'utf8')) as ServerRecord;
  } catch {
    return undefined;
  }
}

/**
 * Starts Temporal's development server over the project's own SQLite file, on loopback and free ports, or takes over
 * the one that a killed run has left behind.
 */
export async function startEmbeddedServer(folder: DataFolder): Promise<EmbeddedServer> {
  const left = await readServerRecord(folder);
  if (left !== undefined && isAlive(left)) {
    if (await answers(left.port, 5)) return handle(left);
    await end(left);
  }
  const { temporalCli } = await readRuntimeRecord();
  const [port, webPort] = await freePorts();
  return superviseServer(folder, temporalCli.path, port, webPort);
}

/** Starts the server, and again on the same ports when it dies without having been told to: its state is on disk. */
async function superviseServer(
  folder: DataFolder,
  executable: string,
  port: number,
  webPort: number,
): Promise<EmbeddedServer> {
  let stopping = false;
  const state = { cannotStart: false };
  let restarts = 0;
  let server: RecordedProcess = { pid: 0, identity: '' };
  const start = async (): Promise<void> => {
    const child = spawnServer(folder, executable, port, webPort);
    child.once('error', (error) => {
      state.cannotStart = true;
      process.stderr.write(`cannot start ${executable}: ${error.message}\n`);
    });
    child.once('exit', () => {
      if (!stopping && restarts++ < mostRestarts) void start();
    });
    child.unref();
    server = recordedProcess(child.pid ?? 0);
    await writeFileAtomically(join(folder.temporal, 'server.json'), JSON.stringify({ ...server, port, webPort }));
  };
  await start();
  const stop = async (): Promise<void> => {
    stopping = true;
    await end(server);
  };
  if (!(await answers(port, secondsToAnswer, () => state.cannotStart))) {
    await stop();
    const log = join(folder.temporal, 'server.log');
    throw new DomainError(
      'CHILD_FAILED',
      state.cannotStart
        ? `Temporal's server, ${executable}, cannot be started; "volbias doctor" says what is amiss`
        : `Temporal's server gave no answer in ${String(secondsToAnswer)} s; its log: ${log}`,
    );
  }
  return { ...handle({ ...server, port, webPort }), stop };
}

function spawnServer(folder: DataFolder, executable: string, port: number, webPort: number): ChildProcess {
  mkdirSync(folder.temporal, { recursive: true });
  const log = openSync(join(folder.temporal, 'server.log'), 'a');
  const database = join(folder.temporal, 'temporal.db');
  const flags = ['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(webPort), '--log-level', 'error'];
  try {
    // In a group of its own, so that Ctrl-C lets trainings save their state before the server goes.
    return spawn(executable, ['server', 'start-dev', '--db-filename', database, ...flags], {
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

function handle({ port, webPort, ...server }: ServerRecord): EmbeddedServer {
  return {
    address: `127.0.0.1:${String(port)}`,
    webAddress: `http://127.0.0.1:${String(webPort)}`,
    stop: () => end(server),
  };
}

async function end(server: RecordedProcess): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive(server)) return;
    try {
      process.kill(server.pid, signal);
    } catch {
      return; // ended by itself meanwhile
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
        // The namespace is registered a moment after the port is open.
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

/** Two ports that were free a moment ago, held open together so that they differ. */
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
