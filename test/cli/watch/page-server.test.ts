import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startPageServer, type PageServer } from '../../../cli/watch/server/page-server.js';
import { waitFor } from '../../support/wait-for.js';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

interface Asking {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

async function open(url: string | URL, { method = 'GET', headers = {}, body }: Asking = {}): Promise<IncomingMessage> {
  const sent = request(url, { method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  return response;
}

async function ask(url: string | URL, asking: Asking = {}): Promise<Answer> {
  const response = await open(url, asking);
  let text = '';
  for await (const part of response) text += String(part);
  return { status: response.statusCode, headers: response.headers, text };
}

/** What a stream has sent so far. */
function heard(response: IncomingMessage): { text: string; ended: boolean } {
  const known = { text: '', ended: false };
  response.on('data', (part: string) => (known.text += part)).on('end', () => (known.ended = true));
  return known;
}

describe('the server of a page', () => {
  let server: PageServer;
  const report = new Map([
    ['report.html', '<p>all</p>'],
    ['cases.csv', 'a,b\n'],
    ['table1.tex', 'x'],
  ]);

  beforeEach(async () => {
    const readReport = async (name: string): Promise<Uint8Array | undefined> => {
      const text = report.get(name);
      return text === undefined ? undefined : Buffer.from(text);
    };
    server = await startPageServer({ port: 0, readReport });
  });
  afterEach(() => server.close());

  it('listens on 127.0.0.1, below a token of at least 128 bits that is another each time', async () => {
    const { hostname, pathname } = new URL(server.url);
    assert.equal(hostname, '127.0.0.1');
    const [, token = ''] = /^\/([\w-]+)\/$/.exec(pathname) ?? [];
    assert.ok(Buffer.from(token, 'base64url').length >= 16);
    const other = await startPageServer({ port: 0, readReport: async () => undefined });
    assert.notEqual(new URL(other.url).pathname, pathname);
    await other.close();
  });

  it('hands out the page with its scripts and styles, which no cache keeps and no other site may use', async () => {
    const page = await ask(server.url);
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'] ?? '', /^text\/html/);
    const names = [...page.text.matchAll(/(?:src|href)="([^":]+)"/g)].map(([, name = '']) => name);
    assert.deepEqual(names.sort(), ['watch.css', 'watch.js']);
    for (const name of ['', ...names, 'elements.js', 'failures.js', 'losses.js', 'matrix.js', 'steps.js']) {
      const { status, headers } = await ask(new URL(name, server.url));
      assert.equal(status, 200, name);
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/);
      assert.doesNotMatch(policy, /unsafe|http|\*/);
    }
    assert.doesNotMatch(page.text, /<script>|<style>| on\w+=|style=/);
  });

  it('answers nothing without the token', async () => {
    const { origin, pathname } = new URL(server.url);
    const token = pathname.split('/')[1] ?? '';
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const paths = [
      '/',
      '/favicon.ico',
      '/events',
      `/${wrong}/`,
      `/${token}x/`,
      `/${token}`,
      `//${token}/`,
      `/${token}%2F`,
    ];
    for (const path of paths) {
      const { status, text } = await ask(`${origin}${path}`);
      assert.deepEqual([status, text], [404, 'not found\n'], path);
    }
  });

  it('answers nothing to a page of another site whose name leads here', async () => {
    const { port } = new URL(server.url);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1.evil.example',
      'localhost.evil.example:1',
      '0.0.0.0',
    ]) {
      assert.equal((await ask(server.url, { headers: { host } })).status, 403, host);
    }
    // Also through a tunnel from another port of the user's own machine.
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'localhost:9000']) {
      assert.equal((await ask(server.url, { headers: { host } })).status, 200, host);
    }
  });

  it('only answers GET without a body', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      const { status, headers } = await ask(server.url, { method });
      assert.deepEqual([status, headers.allow], [405, 'GET'], method);
    }
    assert.equal((await ask(server.url, { body: 'x', headers: { 'content-length': 1 } })).status, 413);
    assert.equal((await ask(server.url, { headers: { filler: 'x'.repeat(9000) } })).status, 431);
  });

  it('leads out of no folder', async () => {
    const { hostname, port, pathname } = new URL(server.url);
    for (const name of [
      '../main.ts',
      '..%2Fmain.ts',
      'report/../index.html',
      'report/%2e%2e/x',
      'report/',
      'index.html',
    ]) {
      const socket = connect(Number(port), hostname);
      socket.setEncoding('utf8').end(`GET ${pathname}${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      let text = '';
      for await (const part of socket) text += String(part);
      assert.match(text, /^HTTP\/1\.1 404 /, name);
    }
  });

  it('hands out the report as a stranger to the page', async () => {
    const { status, text, headers } = await ask(new URL('report/report.html', server.url));
    assert.deepEqual([status, text], [200, '<p>all</p>']);
    assert.match(String(headers['content-security-policy']), /^sandbox allow-downloads; default-src 'none';/);
    const typeOf = async (name: string): Promise<unknown> =>
      (await ask(new URL(name, server.url))).headers['content-type'];
    assert.equal(await typeOf('report/cases.csv'), 'text/csv; charset=utf-8');
    assert.equal(await typeOf('report/table1.tex'), 'text/plain; charset=utf-8');
    assert.equal((await ask(new URL('report/other.html', server.url))).status, 404);
  });

  it('sends the last state to whoever comes, each that is another, and says when it is over', async () => {
    server.send('state', { nth: 1 });
    server.send('losses', []);
    const response = await open(new URL('events', server.url));
    assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
    const first = heard(response);
    const begin = 'event: state\ndata: {"nth":1}\n\nevent: losses\ndata: []\n\n';
    await waitFor('the last events', () => (first.text.includes(begin) ? true : undefined));
    server.send('state', { nth: 1 });
    server.send('state', { nth: 2 });
    server.end();
    await waitFor('the end', () => (first.ended ? true : undefined));
    const end = 'event: state\ndata: {"nth":2}\n\nevent: done\ndata: {}\n\n';
    assert.equal(first.text, `retry: 2000\n\n${begin}${end}`);
    const late = await ask(new URL('events', server.url));
    assert.ok(late.text.endsWith('event: done\ndata: {}\n\n') && late.text.includes('{"nth":2}'), late.text);
  });

  it('has a limit of streams, and room again once one is closed', async () => {
    const streams = await Promise.all(Array.from({ length: 8 }, () => open(new URL('events', server.url))));
    for (const { statusCode } of streams) assert.equal(statusCode, 200);
    assert.equal((await ask(new URL('events', server.url))).status, 503);
    streams[0]?.destroy();
    await waitFor('room', async () => {
      const response = await open(new URL('events', server.url));
      const { statusCode } = response;
      response.destroy();
      return statusCode === 200 ? true : undefined;
    });
    for (const one of streams) one.destroy();
  });

  it('closes with streams that are open, and says which port it cannot have', async () => {
    const stream = heard(await open(new URL('events', server.url)));
    const taken = Number(new URL(server.url).port);
    await assert.rejects(startPageServer({ port: taken, readReport: async () => undefined }), {
      code: 'ARGUMENT_INVALID',
      message: new RegExp(`on port ${taken}: .*EADDRINUSE`),
    });
    await server.close();
    await waitFor('the end', () => (stream.text.endsWith('event: done\ndata: {}\n\n') ? true : undefined));
  });
});
