import type { ResultsDataSet } from '../../results/results.js';
import { counted } from '../words/format-number.js';
import { markup, type Markup } from '../../markup/markup.js';

/** A data set's name and size, with the number of measured cases where some have no results, as a heading that spans the given number of table rows. */
export function dataSetHeading({ name, cases, measuredCases, participants }: ResultsDataSet, rows: number): Markup {
  const size = [
    ...(measuredCases < cases ? [`${measuredCases} of ${counted(cases, 'case')}`] : [counted(cases, 'case')]),
    ...(participants === cases ? [] : [counted(participants, 'participant')]),
  ].join(', ');
  return markup`<th class="text name" scope="rowgroup" rowspan="${rows}">${name}<small>${size}</small></th>`;
}
