import { damagedFiles } from './damaged-files.js';
import { fileSystem } from './disk-faults.js';
import { environments } from './environments.js';
import { moments, preparing, reporting, training, type Fault } from './moments.js';
import { lostDatabase, signalled, stoppedServer, twoRuns, zombie } from './process-faults.js';

export const killedTraining = signalled('all processes', 'SIGKILL', training);
export const powerCutInReport = fileSystem('power', reporting);

const targets = ['computing', 'worker', 'server', 'command line', 'all processes'] as const;

export const faults: readonly Fault[] = [
  ...moments.flatMap((moment) => targets.map((target) => signalled(target, 'SIGKILL', moment))),
  ...[preparing, training].flatMap((moment) => targets.map((target) => signalled(target, 'SIGTERM', moment))),
  ...moments.flatMap((moment) => [
    ...(['power', 'ENOSPC', 'EIO'] as const).map((action) => fileSystem(action, moment)),
    ...[1, 2].map((seed) => fileSystem('reordered', moment, seed)),
  ]),
  ...[zombie, twoRuns, lostDatabase, stoppedServer],
  ...damagedFiles,
  ...environments,
];

/** The faults that every test run tries, one of each kind. */
export const fewFaults: readonly Fault[] = [
  powerCutInReport,
  fileSystem('power', training),
  fileSystem('reordered', preparing, 2),
];
