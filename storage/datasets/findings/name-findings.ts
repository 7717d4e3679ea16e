import type { Finding } from './finding.js';

/** Names that Windows keeps for devices, whatever their ending. */
const windowsDevice = /^(con|conin\$|conout\$|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(\..*)?$/i;

/** Characters that show nothing, or change the form or the direction of others. */
const invisible = /\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;

/** How spreadsheets expect formulas to begin. */
const formula = /^[=+\-@]/;

/** Cyrillic and Greek letters that look like Latin ones, each followed by that one. */
const lookAlikes = new Map(
  (
    '\u0410A\u0412B\u0415E\u041aK\u041cM\u041dH\u041eO\u0420P\u0421C\u0422T\u0423Y\u0425X\u0405S\u0406I\u0408J' +
    '\u0430a\u0435e\u043eo\u0440p\u0441c\u0443y\u0445x\u0455s\u0456i\u0458j\u04bbh\u0501d' +
    '\u0391A\u0392B\u0395E\u0396Z\u0397H\u0399I\u039aK\u039cM\u039dN\u039fO\u03a1P\u03a4T\u03a5Y\u03a7X\u03bfo\u03bdv'
  )
    .match(/../gu)
    ?.map(([letter = '', latin = '']) => [letter, latin]),
);

/**
 * Warnings of names that other software, or an eye, takes for another name or for something else: that look alike, contain
 * invisible characters or letters of another script, are reserved in Windows, or begin as formulas do.
 */
export function nameFindings(ids: readonly string[], participants: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const alike = new Map<string, Set<string>>();
  for (const id of ids) {
    const plain = plainForm(id);
    alike.set(plain, (alike.get(plain) ?? new Set()).add(id));
    for (const oddity of odditiesOf(id)) findings.push(warning(`its id ${oddity}`, id));
  }
  for (const names of alike.values()) {
    if (names.size < 2) continue;
    const listed = [...names].map((id) => JSON.stringify(id)).join(', ');
    findings.push(warning(`ids that look alike: ${listed}`));
  }
  const known = new Set(ids);
  for (const participant of new Set(participants)) {
    if (known.has(participant)) continue;
    for (const oddity of odditiesOf(participant)) {
      findings.push(warning(`participant ${JSON.stringify(participant)} ${oddity}`));
    }
  }
  return findings;
}

function warning(message: string, id?: string): Finding {
  return { severity: 'warning', message, ...(id !== undefined && { case: id }) };
}

/** In one case and form of Unicode, with Latin letters for those that look like them. */
function plainForm(name: string): string {
  const latin = [...name.normalize('NFKC')].map((letter) => lookAlikes.get(letter) ?? letter).join('');
  // Upper case first, because only it turns ß to SS.
  return latin.toUpperCase().toLowerCase();
}

function odditiesOf(name: string): string[] {
  const oddities: string[] = [];
  if (windowsDevice.test(name)) oddities.push('is reserved for a device in Windows');
  const characters = codePoints(name.match(invisible) ?? []);
  if (characters !== '') oddities.push(`has invisible characters: ${characters}`);
  const letters = codePoints(foreignLetters(name));
  if (letters !== '') oddities.push(`mixes Latin letters with others that look like them: ${letters}`);
  const [sign] = formula.exec(name) ?? [];
  if (sign !== undefined)
    oddities.push(
      `begins with ${sign}, so it has an apostrophe before it in CSV files: spreadsheets would take it for a formula`,
    );
  return oddities;
}

/** Look-alikes in words that have Latin letters too; a word wholly in another script is as usual. */
function foreignLetters(name: string): string[] {
  const words = name.match(/[\p{L}\p{M}]+/gu) ?? [];
  return words
    .filter((word) => /\p{Script=Latin}/u.test(word))
    .flatMap((word) => [...word].filter((letter) => lookAlikes.has(letter)));
}

/** Such as U+200B, without repetition. */
function codePoints(characters: readonly string[]): string {
  return [...new Set(characters)]
    .map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`)
    .join(', ');
}
