/** Writes docs/config.md from the config's schema: `node dist/test/docs/write-config-reference.js`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from '../support/paths.js';
import { configReference } from './config-reference.js';

writeFileSync(join(repositoryRoot, 'docs', 'config.md'), configReference());
