import pino, { type Logger } from 'pino';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';

import type { ObservedUnit, UnitObserver } from '../../activities/unit-observer.js';
import { DomainError } from '../../domain/domain-error.js';
import type { WorkerLogLevel } from './log-level.js';

/** Of what the SDK adds to a message, what names no case: messages of errors may. */
const harmless = ['taskQueue', 'workflowType', 'workflowId', 'activityType', 'attempt', 'sdkComponent', 'target'];

/** A worker's log: a line of JSON for each event. Above the level debug, no line has the words of an error. */
export function workerLog(level: WorkerLogLevel, write: (line: string) => void): Logger {
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

/** The SDK's own messages, from WARN on. */
export function engineLogger(log: Logger): DefaultLogger {
  return new DefaultLogger('WARN', ({ level, message, meta }: LogEntry) => {
    const known = Object.fromEntries(harmless.flatMap((name) => (name in (meta ?? {}) ? [[name, meta?.[name]]] : [])));
    log[level === 'ERROR' ? 'error' : 'warn']({ engine: true, ...known, ...nameOf(meta?.error) }, firstLine(message));
    if (meta?.error !== undefined) log.debug({ engine: true, ...known, ...wordsOf(meta.error) }, 'the words of it');
  });
}

/** Writes when units begin and end. */
export function unitLog(log: Logger): UnitObserver {
  const of = ({ unit, key, attempt, dataSet }: ObservedUnit): object => {
    return { unit, key, attempt, ...(dataSet !== undefined && { dataSet }) };
  };
  return {
    began: (unit, queueSeconds) => {
      log.info({ ...of(unit), queueSeconds: rounded(queueSeconds) }, 'began');
    },
    ended: (unit, end, seconds) => {
      const took = { ...of(unit), seconds: rounded(seconds) };
      if (end.result !== 'failed') {
        log.info({ ...took, result: end.result }, 'ended');
        return;
      }
      const { kind, retried, error } = end;
      log.warn({ ...took, result: end.result, kind, retried, ...nameOf(error) }, 'failed');
      log.debug({ ...of(unit), ...wordsOf(error) }, 'the words of the failure');
    },
    unrecorded: (unit, error) => {
      log.error({ unit, ...nameOf(error) }, 'a failure could not be recorded');
      log.debug({ unit, ...wordsOf(error) }, 'the words of it');
    },
  };
}

/** Ends the process after an error that nobody has caught, as Node does, but with a line of the log. */
export function logUncaught(log: Logger): void {
  process.on('uncaughtException', (error: unknown) => {
    // Without its words nobody could tell why a worker does not start; only errors of data name cases.
    log.fatal({ ...nameOf(error), ...(error instanceof DomainError ? {} : wordsOf(error)) }, 'the worker ends');
    log.debug(wordsOf(error), 'the words of it');
    process.exit(1);
  });
}

function nameOf(error: unknown): object {
  if (error instanceof DomainError) return { error: error.code };
  return error instanceof Error ? { error: error.name } : {};
}

function wordsOf(error: unknown): object {
  return error instanceof Error ? { words: error.message, stack: error.stack } : { words: String(error) };
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
