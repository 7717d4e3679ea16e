import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DomainError } from '../../../domain/domain-error.js';
import { EventStreams } from './event-streams.js';
import { ownFile, ownPolicy, reportFile, type PageFile } from './page-files.js';
import { askedFor } from './refusal.js';

/** A page on this machine that shows what it is sent. */
export interface PageServer {
  /** With the token: whoever has it sees what the terminal shows. */
  readonly url: string;
  /** Shows a value under a name of the page's; nothing happens if it is the one that is shown. */
  send(name: 'state' | 'losses', value: unknown): void;
  /** Nothing more comes: the page stays as it is. */
  end(): void;
  close(): Promise<void>;
}

interface Options {
  /** 0 for any free one. */
  readonly port: number;
  /** A file of the report; undefined if there is none. */
  readonly readReport: (name: string) => Promise<Uint8Array | undefined>;
}

/** 192 random bits. */
const tokenBytes = 24;
const mostConnections = 32;
const mostHeaderBytes = 8192;
/** So long, those that read slowly may take after the end. */
const millisecondsToClose = 1000;

/** Starts the page on 127.0.0.1. ARGUMENT_INVALID if the port cannot be opened. */
export async function startPageServer({ port, readReport }: Options): Promise<PageServer> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const streams = new EventStreams();
  const limits = { maxHeaderSize: mostHeaderBytes, headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000 };
  const server = createServer(limits, (request, response) => {
    void answer(request, response, { token, streams, readReport }).catch(() => response.destroy());
  });
  server.maxConnections = mostConnections;
  const { port: own } = await listening(server, port);
  return {
    url: `http://127.0.0.1:${own}/${token}/`,
    send: (name, value) => {
      streams.send(name, value);
    },
    end: () => {
      streams.end();
    },
    close: async () => {
      streams.end();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const killer = setTimeout(() => {
        server.closeAllConnections();
      }, millisecondsToClose);
      await closed;
      clearTimeout(killer);
    },
  };
}

async function listening(server: Server, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) => {
      reject(new DomainError('ARGUMENT_INVALID', `the page cannot be offered on port ${port}: ${message}`));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return server.address() as AddressInfo; // boundary: it listens on a port, not on a pipe
}

interface Answering extends Pick<Options, 'readReport'> {
  readonly token: string;
  readonly streams: EventStreams;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, streams, readReport }: Answering,
): Promise<void> {
  for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
  const asked = askedFor(request, token);
  if ('status' in asked) {
    // What else it sends is not read.
    if (asked.status !== 404) response.setHeader('Connection', 'close');
    if (asked.status === 405) response.setHeader('Allow', 'GET');
    say(response, asked.status, asked.reason);
  } else if (asked.name === 'events') {
    if (streams.hasRoom()) streams.add(response);
    else say(response, 503, 'too many pages of this sweep are open');
  } else {
    const file = await fileNamed(asked.name, readReport);
    if (file === undefined) say(response, 404, 'not found');
    else {
      response.writeHead(200, { 'Content-Type': file.type, 'Content-Security-Policy': file.policy });
      response.end(file.bytes);
    }
  }
}

/** Also of refusals. */
const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': ownPolicy,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

function say(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${reason}\n`);
}

async function fileNamed(name: string, readReport: Options['readReport']): Promise<PageFile | undefined> {
  const [, ofReport] = /^report\/([\w-][\w.-]*)$/.exec(name) ?? [];
  if (ofReport === undefined) return ownFile(name);
  const bytes = await readReport(ofReport);
  return bytes === undefined ? undefined : reportFile(ofReport, bytes);
}
