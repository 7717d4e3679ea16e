import { join } from 'node:path';

import { checkpointFiles, type CheckpointFiles } from '../checkpoint-files.js';
import type { DataFolder } from '../data-folder.js';
import { sharedCheckpointFiles } from './shared-checkpoint-files.js';

/** The checkpoints of the training with this key, also those of other machines that share the folder's store. */
export function checkpointsOf(
  folder: DataFolder,
  key: string,
  onRemark: (text: string) => void = () => undefined,
): CheckpointFiles {
  const local = checkpointFiles(join(folder.checkpoints, key));
  return folder.shared === undefined ? local : sharedCheckpointFiles(local, folder.shared, { key, onRemark });
}
