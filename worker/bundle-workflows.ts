/**
 * Bundles the workflows once, at build time, so that a worker starts without a bundler:
 * `node dist/worker/bundle-workflows.js <output file>`.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

import { failureConverterPath } from '../storage/engine/engine-converter.js';

const output = process.argv[2];
if (output === undefined) throw new Error('usage: bundle-workflows.js <output file>');
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
  failureConverterPath,
  logger: new DefaultLogger('WARN'),
});
await writeFile(output, code);
