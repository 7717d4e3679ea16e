import { byId, element, shape, show } from './elements.js';

const [width, height] = [240, 90];

/** A drawing for each arm, with the losses of its folds. */
export function showLosses(matrices) {
  const place = byId('losses');
  const shown = matrices.map(({ dataSet, rows }) => ({ dataSet, rows: rows.filter((row) => row.cells.some(Boolean)) }));
  const drawn = shown.filter(({ rows }) => rows.length > 0);
  show(
    place,
    drawn.map(({ dataSet, rows }) => [dataSet, rows.map(({ arm }) => arm)]),
    () => (drawn.length === 0 ? [element('p', {}, 'No epoch has ended on this machine yet.')] : drawn.map(groupOf)),
  );
  const figures = [...place.querySelectorAll('figure')];
  const rows = drawn.flatMap((group) => group.rows);
  for (const [index, row] of rows.entries()) show(figures[index], row, () => drawing(row));
}

function groupOf({ dataSet, rows }) {
  const figures = rows.map(() => element('figure'));
  return element('div', {}, element('h3', {}, dataSet), element('div', { class: 'figures' }, ...figures));
}

/** Lines in a box from epoch 1 to the last one and from the least loss to the largest. */
function drawing({ arm, cells }) {
  const curves = cells.filter(Boolean);
  const points = curves.flatMap(({ training, validation }) => [...training, ...validation]).filter(isFinitePoint);
  const losses = points.map(([, loss]) => loss);
  const [least, largest] = [Math.min(...losses), Math.max(...losses)];
  const last = Math.max(...points.map(([epoch]) => epoch));
  const at = ([epoch, loss]) => {
    const x = ((epoch - 1) / Math.max(1, last - 1)) * width;
    const y = height - ((loss - least) / Math.max(Number.MIN_VALUE, largest - least)) * height;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const line = (curve, name) =>
    shape('polyline', { class: `line ${name}`, points: curve.filter(isFinitePoint).map(at).join(' ') });
  const finals = curves.map(({ validation }) => validation.at(-1)?.[1]).filter(Number.isFinite);
  const mean = finals.reduce((sum, loss) => sum + loss, 0) / finals.length;
  const words = `${arm}: validation loss ${digits(mean)} in epoch ${last}`;
  const svg = shape('svg', { viewBox: `-2 -2 ${width + 4} ${height + 4}`, role: 'img', 'aria-label': words });
  for (const { training, validation } of curves) svg.append(line(training, 'training'), line(validation, 'validation'));
  const range = `losses ${digits(least)} to ${digits(largest)}`;
  const caption = `epoch ${last}, validation ${digits(mean)} in the mean of the folds; ${range}`;
  return [element('figcaption', {}, element('strong', {}, arm)), svg, element('small', { class: 'soft' }, caption)];
}

const isFinitePoint = ([, loss]) => Number.isFinite(loss);

const digits = (loss) => (Number.isFinite(loss) ? Number(loss.toPrecision(3)).toString() : 'not finite');
