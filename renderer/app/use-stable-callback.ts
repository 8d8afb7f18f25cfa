import { useCallback, useLayoutEffect, useRef } from 'react';

/** The same function for ever, which does what `work` of the newest drawing does; for the properties of what is drawn only when they change. */
export function useStableCallback<A extends unknown[]>(work: (...given: A) => void): (...given: A) => void {
  const newest = useRef(work);
  useLayoutEffect(() => {
    newest.current = work;
  });
  return useCallback((...given: A) => newest.current(...given), []);
}
