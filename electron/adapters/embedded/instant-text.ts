const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}:?\d{2})?)?$/;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Turns a spelling of an instant into the fixed-width text that the embedded warehouse compares.
 *
 * Shape:  `YYYY-MM-DD`, or with a space or `T` and `HH:MM:SS[.f]` (1 to 6 digits), then nothing (UTC), `Z` or an offset.
 *         Returns `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, so that text order is time order; null when it is no such instant.
 *         `compactOffset` also takes Salesforce's `+0000`.
 */
export function instantText(text: string, options: { compactOffset?: boolean } = {}): string | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, yearText = '', monthText = '', dayText = '', hour = '00', minute = '00', second = '00', fraction = '', zone] = match;
  const year = Number(yearText);
  const month = Number(monthText);
  if (year === 0 || month < 1 || month > 12 || !isDayOf(Number(dayText), month, year)) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const micros = fraction.padEnd(6, '0');
  if (zone === undefined || zone === 'Z') return `${yearText}-${monthText}-${dayText} ${hour}:${minute}:${second}.${micros}`;
  if (zone.length === 5 && options.compactOffset !== true) return null;
  const offsetMinutes = minutesOf(zone);
  if (offsetMinutes === null) return null;
  const shifted = new Date(`${yearText}-${monthText}-${dayText}T${hour}:${minute}:${second}Z`).getTime() - offsetMinutes * 60_000;
  const utc = new Date(shifted).toISOString();
  // Outside the years 1 to 9999 the text would no longer be of fixed width.
  if (utc.length !== 24 || utc.startsWith('0000')) return null;
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)}.${micros}`;
}

/** The ISO 8601 form (`T`, six digits, `Z`) of a fixed-width instant of the embedded warehouse. */
export function isoInstant(fixedWidth: string): string {
  return `${fixedWidth.slice(0, 10)}T${fixedWidth.slice(11)}Z`;
}

function minutesOf(zone: string): number | null {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function isDayOf(day: number, month: number, year: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0);
  return day >= 1 && day <= last;
}
