/**
 * Pins the present code of the steps in test/steps/code-identity.json: `node dist/test/steps/pin-code.js`, with a
 * statement of why results keep their bytes if the code of a step has changed under the same version.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { codeIdentityFile, codeOfSteps, pinnedCode, type CodeIdentity } from './code-identity.js';

const none: CodeIdentity = { steps: {}, modules: {} };
const before = existsSync(codeIdentityFile)
  ? (JSON.parse(readFileSync(codeIdentityFile, 'utf8')) as CodeIdentity)
  : none;
const [, , sameBytes] = process.argv;
writeFileSync(codeIdentityFile, `${JSON.stringify(pinnedCode(codeOfSteps(), before, sameBytes), null, 2)}\n`);
