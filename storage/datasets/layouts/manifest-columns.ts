import { nearestWord } from '../../sweeps/nearest-word.js';

/** The columns of a manifest that are no modalities, and what others call them. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  case: ['id', 'case_id', 'caseid', 'subject', 'patient', 'name'],
  label: ['mask', 'seg', 'segmentation', 'ground_truth', 'lesion'],
  participant: [],
};

/** Whether a column says something else than where a modality is; capitals do not matter. */
export function isKnownColumn(name: string): boolean {
  return Object.hasOwn(otherNames, name.toLowerCase());
}

/** The place of a column among those of a header, the only one that differs in capitals if none has its name; or -1. */
export function columnAt(header: readonly string[], name: string): number {
  const exact = header.indexOf(name);
  if (exact >= 0) return exact;
  const alike = header.flatMap((one, at) => (one.toLowerCase() === name.toLowerCase() ? [at] : []));
  return alike.length === 1 ? (alike[0] ?? -1) : -1;
}

/** A column that is missing, and which of those that are there may be meant: `case (did you mean subject?)`. */
export function missingColumnText(name: string, header: readonly string[]): string {
  const known = otherNames[name] ?? [];
  const other = header.find((one) => known.includes(one.toLowerCase())) ?? nearestWord(name, header);
  return other === undefined ? name : `${name} (did you mean ${other}?)`;
}
