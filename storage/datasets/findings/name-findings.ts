import type { Finding } from './finding.js';

/** Names that Windows keeps for devices, whatever their ending. */
const windowsDevice = /^(con|conin\$|conout\$|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(\..*)?$/i;

/** Characters that show nothing, or change the form or the direction of others. */
const invisible = /\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;

/**
 * Warnings of names that other software, or an eye, takes for another name: that differ only in case or in their form in
 * Unicode, contain invisible characters, or are reserved in Windows.
 */
export function nameFindings(ids: readonly string[], participants: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const alike = new Map<string, Set<string>>();
  for (const id of ids) {
    // Upper case first, because only it turns ß to SS.
    const plain = id.normalize('NFKC').toUpperCase().toLowerCase();
    alike.set(plain, (alike.get(plain) ?? new Set()).add(id));
    if (windowsDevice.test(id)) findings.push(warning('its id is reserved for a device in Windows', id));
    const characters = invisibleIn(id);
    if (characters !== '') findings.push(warning(`its id has invisible characters: ${characters}`, id));
  }
  for (const names of alike.values()) {
    if (names.size < 2) continue;
    const listed = [...names].map((id) => JSON.stringify(id)).join(', ');
    findings.push(warning(`ids that differ only in case or in their form in Unicode: ${listed}`));
  }
  for (const participant of new Set(participants)) {
    const characters = invisibleIn(participant);
    if (characters === '' || ids.includes(participant)) continue;
    findings.push(warning(`participant ${JSON.stringify(participant)} has invisible characters: ${characters}`));
  }
  return findings;
}

function warning(message: string, id?: string): Finding {
  return { severity: 'warning', message, ...(id !== undefined && { case: id }) };
}

/** The code points, such as U+200B, without repetition. */
function invisibleIn(name: string): string {
  const found = new Set(name.match(invisible) ?? []);
  return [...found]
    .map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`)
    .join(', ');
}
