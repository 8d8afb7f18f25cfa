const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const dayLong = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const dayShort = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const timeToSecond = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The time zone in which times are shown, e.g. `Europe/Berlin`. */
export const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

function isSameDay(a: Date, b: Date): boolean {
  return day.format(a) === day.format(b);
}

/** A day with the month written out, e.g. `19 January 2026`. */
export function longDayOf(iso: string): string {
  return dayLong.format(new Date(iso));
}

/** A time of day to the second. */
export function clockOf(iso: string): string {
  return timeToSecond.format(new Date(iso));
}

/** Today's times without date, others with the day: `09:30`, `13 Jan, 16:20`. */
export function momentOf(iso: string, now: Date): string {
  const at = new Date(iso);
  if (isSameDay(at, now)) return time.format(at);
  const date = at.getFullYear() === now.getFullYear() ? dayShort.format(at) : day.format(at);
  return `${date}, ${time.format(at)}`;
}

/** A sentence of the core with its instants written as moments. */
export function withMoments(text: string, now: Date): string {
  return text.replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/gu, (iso) => momentOf(iso, now));
}

/** An instant of the data: the day; with the time to the second where the other value is of the same day. */
export function instantOf(iso: string, other: string | null): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const isClose = other !== null && !Number.isNaN(Date.parse(other)) && isSameDay(at, new Date(other)) && iso !== other;
  return isClose ? `${day.format(at)}, ${timeToSecond.format(at)}` : day.format(at);
}

/** An instant to the second in UTC, whole seconds without their fraction: `2026-01-14 09:30:00 UTC`. */
export function utcOf(iso: string): string {
  return `${iso.replace('T', ' ').replace(/(?:\.0+)?Z$/u, '')} UTC`;
}

/** How old something is: `12 min old`, `26 h old`, `41 d old`. */
export function ageOf(iso: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(iso)) / 60_000));
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${minutes} min old`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h old` : `${Math.floor(hours / 24)} d old`;
}

/** A rounded duration: `about 9 min`, `5 s`. */
export function durationOf(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5_400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3_600)} h`;
}
