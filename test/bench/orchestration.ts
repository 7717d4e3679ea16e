/**
 * What orchestration costs: the real workflows on a real server, with activities that do nothing, at the size of the
 * paper's experiments: 4 data sets of 205 cases, 6 arms, 5 folds. Needs Linux's /proc.
 */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { processesOf } from '../support/processes.js';
import { parsedTinyConfig } from '../support/sweeps/plan-of.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { openWorkflowBench, Steps } from '../support/workflow-bench.js';

/** The kernel counts processor time in hundredths of a second, on all machines that people have. */
const ticksPerSecond = 100;

/** Trainings as short as that are the shortest for which a sweep of days is worth the name. */
const secondsOfTraining = 60;

const root = temporaryFolderOfFile('orchestration');

/** Processor time of this process, which has workflows and activities, and of the server, in seconds. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  const servers = processesOf(root).filter(({ role }) => role === 'server');
  const ticks = servers.map(({ pid }) => {
    // Fields 14 and 15: user and system time; field 2 is a name in parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return (user + system) / 1e6 + ticks.reduce((sum, own) => sum + own, 0) / ticksPerSecond;
}

const [dataSet] = parsedTinyConfig().dataSets;
if (dataSet === undefined) throw new Error('the tiny config has no data set');
const config = {
  ...parsedTinyConfig({ models: ['lr', 'convnet', 'unet'], losses: ['ce', 'sd'] }),
  dataSets: ['a', 'b', 'c', 'd'].map((name) => ({ ...dataSet, name })),
};
const steps = new Steps({}, 205, { ...config, split: { ...config.split, folds: 5 } });
const bench = await openWorkflowBench(root);
try {
  // What a process does once, such as compiling, is not the sweep's.
  await bench.runSweep('small', new Steps());
  const [processorBefore, wallBefore] = [processorSeconds(), performance.now()];
  const result = await bench.runSweep('paper', steps);
  const processor = processorSeconds() - processorBefore;
  const wall = (performance.now() - wallBefore) / 1000;
  if (result.outcome !== 'complete') throw new Error(`the sweep is ${result.outcome}`);
  const units = result.steps.reduce((sum, { done }) => sum + done, 0);
  const trainings = result.steps.find(({ step }) => step === 'train')?.done ?? 0;
  const share = (100 * processor) / (trainings * secondsOfTraining);
  process.stdout.write(
    `orchestration of ${units} units: ${wall.toFixed(1)} s, ${((1000 * wall) / units).toFixed(0)} ms a unit; ` +
      `processor time ${processor.toFixed(1)} s, ${((1000 * processor) / units).toFixed(0)} ms a unit, ` +
      `${share.toFixed(2)} % of ${trainings} trainings of a minute\n`,
  );
} finally {
  await bench.close();
  await rm(root, { recursive: true, force: true });
}
