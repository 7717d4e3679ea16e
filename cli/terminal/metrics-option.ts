import { BlockList, createServer, isIP } from 'node:net';

import { Option } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { warn } from './table.js';

/** `--metrics <address>`, of the verbs that start a worker. */
export function metricsOption(): Option {
  const help = 'offer metrics for Prometheus, such as on 127.0.0.1:9464 (a port alone: on 127.0.0.1)';
  return new Option('--metrics <[host:]port>', help);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Every address of the machine, written in any way. */
const everywhere = new BlockList();
everywhere.addAddress('0.0.0.0', 'ipv4');
everywhere.addAddress('::', 'ipv6');

/**
 * Where metrics are offered, as HOST:PORT, from PORT, HOST:PORT or [HOST]:PORT. Whoever reaches the address can read them:
 * one that is not loopback has to be named itself, which stands for the wish, and a warning says so. ARGUMENT_INVALID
 * for every address of the machine at once, for names other than localhost, and where the port cannot be opened.
 */
export async function metricsAddressFor(text: string): Promise<string> {
  const [, named = '127.0.0.1', portText] = /^(?:(.+):)?([1-9]\d{0,4})$/.exec(text) ?? [];
  const bare = named.replace(/^\[(.*)\]$/, '$1');
  const host = bare === 'localhost' ? '127.0.0.1' : bare;
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  const port = Number(portText);
  if (portText === undefined || port > 65_535 || isIP(host) === 0 || (family === 'ipv6' && named === bare)) {
    throw invalid(`--metrics is "${text}", expected an address and a port, such as 127.0.0.1:9464 or [::1]:9464`);
  }
  if (everywhere.check(host, family)) {
    throw invalid(`--metrics ${text} would offer metrics to every network of this machine; name one of its addresses`);
  }
  await mustOpen(host, port);
  if (!loopback.check(host, family)) {
    warn(`whoever reaches ${text} can read the metrics: which steps, models and losses run here, and how they get on`);
  }
  return `${family === 'ipv6' ? `[${host}]` : host}:${String(port)}`;
}

/** The worker would report it in its log only. */
async function mustOpen(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) => {
      reject(invalid(`--metrics: ${message}`));
    });
    server.listen(port, host, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

const invalid = (reason: string): DomainError => new DomainError('ARGUMENT_INVALID', reason);
