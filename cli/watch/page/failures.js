import { byId, element, show } from './elements.js';

/** What has failed, why, and the commands that run it again. */
export function showFailures({ failures, remedies, again }) {
  byId('failed').hidden = failures.length === 0;
  show(byId('failures'), failures, () => failures.map(failureItem));
  show(byId('remedies'), remedies, () => remedies.map((remedy) => element('li', {}, remedy)));
  showCommand(byId('again'), again);
}

/** A sentence that ends with a command, if there is one. */
export function showCommand(place, command) {
  place.hidden = command === undefined;
  place.querySelector('code').textContent = command ?? '';
}

function failureItem({ unit, kind, reason, again }) {
  const item = element('li', {}, element('strong', {}, `✗ ${unit}`), ` (${kind}): ${reason}`);
  if (again !== undefined) item.append(element('p', {}, 'Again: ', element('code', {}, again)));
  return item;
}
