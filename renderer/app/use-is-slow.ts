import { useEffect, useState } from 'react';

const momentMs = 150;

/** True once something has gone on for longer than a moment: what is over sooner is not told, for words that flash by only disturb. */
export function useIsSlow(goesOn: boolean): boolean {
  const [isSlow, setSlow] = useState(false);
  if (isSlow && !goesOn) setSlow(false);
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = window.setTimeout(() => setSlow(true), momentMs);
    return () => window.clearTimeout(timer);
  }, [goesOn]);
  return isSlow && goesOn;
}
