import { join } from 'node:path';

import type { Config } from '../../configs/config-schema.js';
import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { Project } from '../project.js';
import { progressLine } from '../terminal/progress-line.js';

interface Request {
  readonly config: Config;
  readonly report: ArtifactRef;
  /** The report's folder. */
  readonly target: string;
}

/** Writes the predictions behind a report into its folder and shows how far it is; returns the folder of the predictions. */
export async function writeShownPredictions(project: Project, { target, ...request }: Request): Promise<string> {
  // Few ask for them, and they need the modules of images.
  const { writePredictions } = await import('../../steps/predictions/write-predictions.js');
  const folder = join(target, 'predictions');
  const progress = progressLine(process.stderr);
  const onPrediction = (done: number, total: number): void => {
    progress.show(`writing predictions: ${String(done)} of ${String(total)}`);
  };
  await writePredictions(project, { ...request, target: folder, onPrediction }).finally(progress.clear);
  return folder;
}
