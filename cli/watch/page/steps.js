import { byId, element, marked, show } from './elements.js';

/** The graph of the steps, each after those that it needs. */
export function showSteps(steps) {
  show(byId('steps'), steps, () => steps.map(stepItem));
}

function stepItem({ step, does, needs, total, stored, words, mark }) {
  const bar = element('progress', { max: Math.max(1, total), value: stored, 'aria-label': `${step}: units stored` });
  return element(
    'li',
    { title: does },
    element('strong', {}, ...marked(mark, meaning[mark] ?? ''), ` ${step}`),
    element('span', {}, total === 0 ? 'no units yet' : `${stored} of ${total}`),
    bar,
    element('small', {}, words === '' ? '\u00a0' : words),
    element('small', { class: 'soft' }, needs.length === 0 ? 'first' : `after ${needs.join(', ')}`),
  );
}

const meaning = { '✓': 'done:', '✗': 'with failures:', '▸': 'open:', '·': 'waits:' };
