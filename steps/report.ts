import { z } from 'zod';

import { digestOfJson } from '../domain/plan/key.js';
import { readRecordedWork } from '../storage/store/work-records.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import { idOfSweep } from '../storage/sweeps/sweep-records.js';
import { compare } from './compare.js';
import { evaluate } from './evaluate.js';
import { join } from './join.js';
import { preprocess } from './preprocess.js';
import { reportContent, type ReportSettings } from './report-content.js';
import { scan } from './scan.js';
import { split } from './split.js';
import { statistics } from './statistics.js';
import { defineStep } from './step.js';
import { train } from './train.js';

/** Everything that the report prints, which is the whole config. */
export function reportSettings(content: SweepContent): ReportSettings {
  return {
    config: content.config,
    sweepId: idOfSweep(content),
    specification: digestOfJson(content),
    ...(content.environment !== null && { environment: content.environment }),
    ...(content.lock !== undefined && { lock: content.lock }),
  };
}

const version = 9;

/** Writes Table 1 and the report from whatever the sweep has; what is missing is marked. */
export const report = defineStep({
  name: 'report',
  version,
  does: 'writes Table 1 and the report',
  needs: [scan, preprocess, statistics, split, train, evaluate, join, compare],
  fanOut: 'sweep',
  queue: 'data',
  toleratesGaps: true,
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  settings: reportSettings,
  summary: z.strictObject({ rows: z.int(), gaps: z.int() }),
  run: async ({ settings, inputs, gaps, store, lineage }) => {
    const recorded = await readRecordedWork(lineage);
    const { files, ...summary } = await reportContent({ ...{ settings, inputs, gaps, store, recorded, version } });
    return {
      files: {
        ...Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
        ...(await drawnFigures(files)),
      },
      summary,
    };
  },
});

/** A PNG for each SVG. */
async function drawnFigures(files: Readonly<Record<string, string>>): Promise<Record<string, Uint8Array>> {
  const { drawPng } = await import('../storage/images/encode-png.js');
  const drawn: Record<string, Uint8Array> = {};
  for (const [name, text] of Object.entries(files)) {
    if (name.endsWith('.svg')) drawn[name.replace(/svg$/, 'png')] = await drawPng(text);
  }
  return drawn;
}
