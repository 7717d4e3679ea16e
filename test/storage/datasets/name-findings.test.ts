import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { nameFindings } from '../../../storage/datasets/findings/name-findings.js';

describe('what validate finds in names', () => {
  const messages = (ids: readonly string[], participants: readonly string[] = []): string[] =>
    nameFindings(ids, participants).map((one) => `${one.case ?? ''}: ${one.message}`);

  it('is nothing in usual names of any script', () => {
    assert.deepEqual(messages(['case_1', 'case_2', 'Fälle 3', '患者4', 'حالة', 'console', 'com10', 'nullary.x']), []);
  });

  it('is ids that are equal after Unicode normalisation or case folding', () => {
    assert.deepEqual(messages(['Jose\u0301', 'Jos\u00e9', 'case-1', 'CASE-1', 'straße', 'STRASSE', 'x']), [
      ': ids that differ only in case or in their form in Unicode: "Jose\u0301", "Jos\u00e9"',
      ': ids that differ only in case or in their form in Unicode: "case-1", "CASE-1"',
      ': ids that differ only in case or in their form in Unicode: "straße", "STRASSE"',
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

  it('is names of devices in Windows', () => {
    assert.deepEqual(messages(['NUL', 'com1.scan', 'Aux', 'conout$']), [
      'NUL: its id is reserved for a device in Windows',
      'com1.scan: its id is reserved for a device in Windows',
      'Aux: its id is reserved for a device in Windows',
      'conout$: its id is reserved for a device in Windows',
    ]);
  });
});
