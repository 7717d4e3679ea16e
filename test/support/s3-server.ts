import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from './free-port.js';
import { waitFor } from './wait-for.js';

/** Apache 2.0; an S3 server over a plain folder. */
const version = 'v1.8.0';
const source = `github.com/versity/versitygw/cmd/versitygw@${version}`;
const place = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'volbias', 'versitygw', version);

/** A real S3 server: its program, or why there is none. */
export type S3Program = { readonly path: string } | { readonly reason: string };

/** Builds the server once, from the Go module proxy, into the user's cache. */
export async function s3Program(): Promise<S3Program> {
  const path = join(place, 'versitygw');
  if (existsSync(path)) return { path };
  try {
    const env = { ...process.env, GOBIN: place, GOFLAGS: '-mod=mod' };
    await promisify(execFile)('go', ['install', source], { env });
    return { path };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { reason: `no S3 server: "go install ${source}" failed: ${message.trim().split('\n').at(-1) ?? ''}` };
  }
}

export interface S3Server {
  /** Address of the bucket. */
  readonly address: string;
  /** AWS's variables, with which the server can be reached. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder in which the objects of the bucket lie as files. */
  readonly files: string;
  stop(): Promise<void>;
}

/** Starts the server on loopback, over a folder, with credentials of its own and an empty bucket. */
export async function startS3Server(path: string, folder: string): Promise<S3Server> {
  const bucket = 'volbias-test';
  const files = join(folder, bucket);
  await mkdir(files, { recursive: true });
  const port = await freePort();
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
  const child = spawn(path, ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', folder], {
    env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
    stdio: 'ignore',
  });
  let ended = false;
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      ended = true;
      resolve();
    });
  });
  await waitFor('the S3 server', async () => {
    if (ended) throw new Error('the S3 server has ended');
    return (await answers(port)) ? true : undefined;
  });
  return {
    address: `s3://${bucket}/shared/store`,
    environment: {
      AWS_ACCESS_KEY_ID: accessKey,
      AWS_SECRET_ACCESS_KEY: secretKey,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    },
    files: join(files, 'shared', 'store'),
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
