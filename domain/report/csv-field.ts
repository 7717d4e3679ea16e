/** A field of a CSV line (RFC 4180): quoted where it holds a comma, a quote or a line end. */
export function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
