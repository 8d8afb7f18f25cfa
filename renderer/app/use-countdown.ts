import { useEffect, useState } from 'react';

/** A time left as minutes and seconds, such as `9:41`; null once it has run out. */
export function countdownOf(until: string, nowMs: number): string | null {
  const seconds = Math.ceil((Date.parse(until) - nowMs) / 1000);
  return seconds <= 0 ? null : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The time left until an instant, moving on every second; null once it has run out. */
export function useCountdown(until: string): string | null {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return countdownOf(until, nowMs);
}
