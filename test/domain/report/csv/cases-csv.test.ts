import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { casesCsv } from '../../../../domain/report/csv/cases-csv.js';
import { someScores } from '../../../support/case-scores.js';
import { row } from '../../results/tumours.js';

const header =
  'dataSet,model,loss,fold,caseId,participant,crossEntropy,softDiceScore,dice,truthVolume,unpredictableVolume,predictedVolume,predictedVolumeThresholded,volumeError,unit,' +
  'grid,otherGrid,otherCrossEntropy,otherSoftDiceScore,otherDice,otherTruthVolume,otherUnpredictableVolume,otherPredictedVolume,' +
  'otherPredictedVolumeThresholded,otherVolumeError,predictedVolumeOutside,' +
  'absoluteVolumeError,relativeVolumeError,jaccard,precision,recall,specificity,hausdorff95Mm,averageSurfaceDistanceMm,' +
  'normalisedSurfaceDice,lesionF1,lesionF1AtHalfIou,expectedCalibrationError,brierScore';
const numbers =
  '0.25,0.5,0.75,10,0,12.5,11,2.5,ml,native,working,0.5,0.25,0.5,8,0,12,10,4,0.125,' +
  '2.5,0.25,0.6,0.7,0.8,0.9,4,1.5,0.85,0.75,0.5,0.03,0.02';

describe('cases.csv', () => {
  it('has one line a case and arm, with line feeds and no byte order mark', () => {
    assert.equal(casesCsv([], 1), `${header}\n`);
    assert.equal(
      casesCsv([row({}), row({ caseId: 'b', fold: 1 })], 1),
      `${header}\ntumours,lr,ce,0,a,a,${numbers}\ntumours,lr,ce,1,b,a,${numbers}\n`,
    );
  });

  it('has a column for the repeat if trainings are repeated, with 0 for the first', () => {
    assert.equal(
      casesCsv([row({}), row({ repeat: 1 })], 2),
      `${header.replace('fold,', 'fold,repeat,')}\ntumours,lr,ce,0,0,a,a,${numbers}\ntumours,lr,ce,0,1,a,a,${numbers}\n`,
    );
  });

  it('leaves out the metrics that a case has not', () => {
    const scores = { ...someScores, recall: null, hausdorff95Mm: null };
    const [header = [], line = []] = parse(casesCsv([row({ scores })], 1));
    const empty = header.filter((_, index) => line[index] === '');
    assert.deepEqual(empty, ['recall', 'hausdorff95Mm']);
  });

  it('writes each number so that it reads back as the same', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (volumeError) => {
        const [, line] = parse(casesCsv([row({ volumeError })], 1));
        assert.ok(Object.is(Number(line?.[13]), volumeError === 0 ? 0 : volumeError));
      }),
    );
  });

  it('gives spreadsheets no formula to compute, and leaves numbers as they are', () => {
    for (const formula of ["=cmd|'/c calc'!A1", '+1', '-2', '@SUM(1)', '\t=1', '＝1']) {
      const [, line] = parse(casesCsv([row({ caseId: formula, participant: formula, volumeError: -2.5 })], 1));
      assert.deepEqual([line?.[4], line?.[5], line?.[13]], [`'${formula}`, `'${formula}`, '-2.5']);
    }
  });

  it('quotes a name that holds a comma, a quotation mark or a line end, and no other', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', '=', '-', 'é') }), (caseId) => {
        const text = casesCsv([row({ caseId })], 1);
        const name = /^[=\r-]/.test(caseId) ? `'${caseId}` : caseId;
        const field = /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
        assert.equal(text, `${header}\ntumours,lr,ce,0,${field},a,${numbers}\n`);
        assert.equal(parse(text)[1]?.[4], name);
      }),
    );
  });
});
