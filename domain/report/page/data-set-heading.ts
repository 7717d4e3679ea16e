import type { ResultsDataSet } from '../../results/results.js';
import { counted } from '../words/format-number.js';
import { markup, type Markup } from '../../markup/markup.js';

/** A data set's name and size, as a heading that spans the given number of table rows. */
export function dataSetHeading({ name, cases, participants }: ResultsDataSet, rows: number): Markup {
  const size =
    participants === cases
      ? counted(cases, 'case')
      : `${counted(cases, 'case')}, ${counted(participants, 'participant')}`;
  return markup`<th class="text name" scope="rowgroup" rowspan="${rows}">${name}<small>${size}</small></th>`;
}
