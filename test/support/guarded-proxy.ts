import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Whether certificates can be made here. */
export const certificatesCanBeMade = spawnSync('openssl', ['version']).status === 0;

/** Paths of a certificate authority's certificate, and of certificates that it has signed, with their keys. */
export interface Certificates {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
}

/** Makes a certificate authority, and certificates for a server at `localhost` and for a client. */
export function makeCertificates(folder: string): Certificates {
  const file = (name: string): string => join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-subj', '/CN=test authority');
  const signed = (name: string): { certificate: string; key: string } => {
    const [key, request, certificate] = [file(`${name}.key`), file(`${name}.csr`), file(`${name}.pem`)];
    const names = ['-addext', 'subjectAltName=DNS:localhost'];
    openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${name}`, ...names);
    const by = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-copy_extensions', 'copy'];
    openssl('x509', '-req', '-in', request, ...by, '-out', certificate);
    return { certificate, key };
  };
  return { authority: file('ca.pem'), server: signed('server'), client: signed('client') };
}

/**
 * Stands before a gRPC server that knows neither encryption nor users: demands TLS with a client certificate of the
 * authority, and an API key, as a hosted server does.
 */
export async function startGuardedProxy(
  target: string,
  { authority, server: own }: Certificates,
  apiKey: string,
): Promise<{ readonly address: string; readonly refused: () => number; close(): void }> {
  let refused = 0;
  const upstream = http2.connect(`http://${target}`);
  upstream.on('error', () => undefined);
  const server = http2.createSecureServer({
    ...{ ca: readFileSync(authority), cert: readFileSync(own.certificate), key: readFileSync(own.key) },
    ...{ requestCert: true, rejectUnauthorized: true },
  });
  server.on('tlsClientError', () => refused++);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (headers.authorization !== `Bearer ${apiKey}`) {
      refused++;
      // 16: unauthenticated.
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' }, { endStream: true });
      return;
    }
    const { ':authority': _, ':scheme': __, ...passed } = headers;
    const request = upstream.request({ ...passed, ':authority': target, ':scheme': 'http' });
    let trailers: http2.OutgoingHttpHeaders = {};
    request.on('error', () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
    request.on('response', (answer, flags) => {
      const endStream = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (!stream.destroyed) stream.respond(answer, endStream ? { endStream } : { waitForTrailers: true });
    });
    request.on('trailers', (found: http2.IncomingHttpHeaders) => {
      trailers = { ...found };
    });
    stream.on('wantTrailers', () => {
      stream.sendTrailers(trailers);
    });
    stream.on('close', () => {
      request.close();
    });
    stream.pipe(request).pipe(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `localhost:${port}`,
    refused: () => refused,
    close: () => {
      upstream.destroy();
      server.close();
    },
  };
}
