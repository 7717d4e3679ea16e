export { sharedUnit } from './shared-unit.js';
export { sweep } from './sweep.js';
