export { sweep } from './sweep.js';
export { trainingUnit } from './training-unit.js';
