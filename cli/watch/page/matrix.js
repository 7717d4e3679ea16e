import { byId, element, marked, show } from './elements.js';

/** A table of arms by folds for each data set. */
export function showMatrices(matrices) {
  const place = byId('matrices');
  show(
    place,
    matrices.map(({ dataSet, folds, rows }) => [dataSet, folds, rows.map(({ arm }) => arm)]),
    () => matrices.map(tableOf),
  );
  // Of tables that stay, only the cells that change.
  const cells = [...place.querySelectorAll('td')];
  const all = matrices.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  for (const [index, cell] of all.entries()) fill(cells[index], cell);
}

function tableOf({ dataSet, folds, rows }) {
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'arm'),
    ...folds.map((fold) => element('th', { scope: 'col' }, `fold ${fold}`)),
  );
  const body = rows.map(({ arm, cells }) =>
    element('tr', {}, element('th', { scope: 'row' }, arm), ...cells.map(() => element('td'))),
  );
  const table = element('table', {}, element('caption', {}, dataSet));
  table.append(element('thead', {}, head), element('tbody', {}, ...body));
  // Wide tables are scrolled, also by keys.
  return element(
    'div',
    { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `${dataSet}: arms and folds` },
    table,
  );
}

function fill(place, { state, mark, words }) {
  show(place, [state, mark, words], () => marked(mark, words));
  place.className = state;
  place.title = words;
}
