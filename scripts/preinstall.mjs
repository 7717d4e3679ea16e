/**
 * npm runs this when volbias is installed as a package, before the install scripts of the packages it needs. That of
 * tfjs-node-gpu would fetch a TensorFlow from 2022, which set-up replaces (docs/decisions/0003): it becomes one that does
 * nothing. In a checkout, .npmrc turns install scripts off, this one too.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

try {
  const script = join(dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'scripts', 'install.js');
  rmSync(script); // in case that it is a link to a file that others use
  writeFileSync(script, '// volbias setup installs TensorFlow.\n');
} catch (error) {
  // An installer of another kind: set-up brings all packages in line anyway.
  console.warn(`volbias: the install script of tfjs-node-gpu is unchanged: ${error.message}`);
}
