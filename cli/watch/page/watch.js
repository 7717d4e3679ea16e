import { byId, element, show } from './elements.js';
import { showCommand, showFailures } from './failures.js';
import { showLosses } from './losses.js';
import { showMatrices } from './matrix.js';
import { showSteps } from './steps.js';

const source = new EventSource('events');
let summary = '';

source.addEventListener('state', ({ data }) => {
  const state = JSON.parse(data);
  summary = state.summary;
  document.title = `${state.sweep}: ${state.summary}`;
  byId('sweep').textContent = state.sweep;
  say(state.summary);
  byId('time').textContent = state.time;
  show(byId('notes'), state.notes, () => state.notes.map((note) => element('li', {}, note)));
  show(byId('links'), [state.temporal, state.report], () => links(state));
  showCommand(byId('so-far'), state.soFar);
  showCommand(byId('go-on'), state.goOn);
  showFailures(state.failures);
  showSteps(state.steps);
  showMatrices(state.matrices);
});

source.addEventListener('losses', ({ data }) => {
  showLosses(JSON.parse(data));
});

source.addEventListener('done', () => {
  source.close();
  document.body.dataset.over = 'true';
});

source.addEventListener('error', () => {
  say(`${summary} (no connection; the page connects again)`);
});

/** Read aloud, so only if it changes. */
function say(text) {
  const place = byId('summary');
  if (place.textContent !== text) place.textContent = text;
}

function links({ temporal, report }) {
  const parts = [];
  if (report?.href !== undefined) parts.push(element('a', { href: report.href }, 'Report'));
  if (report?.path !== undefined) parts.push(element('span', {}, 'Report: ', element('code', {}, report.path)));
  if (temporal !== undefined) {
    parts.push(
      element('a', { href: temporal, rel: 'noopener noreferrer', target: '_blank' }, 'Temporal’s page of the sweep'),
    );
  }
  return parts;
}
