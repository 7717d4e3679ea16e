import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { nameFindings } from '../../../storage/datasets/findings/name-findings.js';

describe('what validate finds in names', () => {
  const messages = (ids: readonly string[], participants: readonly string[] = []): string[] =>
    nameFindings(ids, participants).map((one) => `${one.case ?? ''}: ${one.message}`);

  it('is nothing in usual names of any script', () => {
    assert.deepEqual(
      messages(['case_1', 'case_2', 'Fälle 3', '患者4', 'حالة', 'console', 'com10', 'nullary.x', 'T1-Сердце', 'α+β']),
      [],
    );
  });

  it('is ids that are equal after Unicode normalisation or case folding', () => {
    assert.deepEqual(messages(['Jose\u0301', 'Jos\u00e9', 'case-1', 'CASE-1', 'straße', 'STRASSE', 'x']), [
      ': ids that look alike: "Jose\u0301", "Jos\u00e9"',
      ': ids that look alike: "case-1", "CASE-1"',
      ': ids that look alike: "straße", "STRASSE"',
    ]);
  });

  it('is invisible characters and those that change the direction of text', () => {
    assert.deepEqual(messages(['a\u200bb\u200b', 'c\u202ed', 'e\u034f', 'f\ufe0f'], ['P\ufeff1', 'P2']), [
      'a\u200bb\u200b: its id has invisible characters: U+200B',
      'c\u202ed: its id has invisible characters: U+202E',
      'e\u034f: its id has invisible characters: U+034F',
      'f\ufe0f: its id has invisible characters: U+FE0F',
      ': participant "P\ufeff1" has invisible characters: U+FEFF',
    ]);
  });

  it('is letters of other scripts that look like Latin ones', () => {
    assert.deepEqual(messages(['P\u0430tient', 'Patient', 'case_\u0410', 'case_A', 'Мозг'], ['\u0420at']), [
      'P\u0430tient: its id mixes Latin letters with others that look like them: U+0430',
      ': ids that look alike: "P\u0430tient", "Patient"',
      ': ids that look alike: "case_\u0410", "case_A"',
      ': participant "\u0420at" mixes Latin letters with others that look like them: U+0420',
    ]);
  });

  it('is that spreadsheets take them for formulas', () => {
    assert.deepEqual(messages(['=1+2', '+3', '-4', '@x', 'a=b'], ['-5']), [
      '=1+2: its id begins with =, so it has an apostrophe before it in CSV files: spreadsheets would take it for a formula',
      '+3: its id begins with +, so it has an apostrophe before it in CSV files: spreadsheets would take it for a formula',
      '-4: its id begins with -, so it has an apostrophe before it in CSV files: spreadsheets would take it for a formula',
      '@x: its id begins with @, so it has an apostrophe before it in CSV files: spreadsheets would take it for a formula',
      ': participant "-5" begins with -, so it has an apostrophe before it in CSV files: spreadsheets would take it for a formula',
    ]);
  });

  it('is names of devices in Windows', () => {
    assert.deepEqual(messages(['NUL', 'com1.scan', 'Aux', 'conout$']), [
      'NUL: its id is reserved for a device in Windows',
      'com1.scan: its id is reserved for a device in Windows',
      'Aux: its id is reserved for a device in Windows',
      'conout$: its id is reserved for a device in Windows',
    ]);
  });
});
