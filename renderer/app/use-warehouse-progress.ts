import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { WarehouseProgress } from '../../shared/domain/warehouse.ts';
import { warehouseProgressKey, type StampedProgress } from '../api/follow-events.ts';

/** What the warehouse is doing while somebody waits for it, its time until the next try counted down; null when nobody waits. */
export function useWarehouseProgress(): WarehouseProgress | null {
  const { data } = useQuery<StampedProgress | null>({ queryKey: warehouseProgressKey, queryFn: () => null, enabled: false, initialData: null });
  const [nowMs, setNowMs] = useState(() => Date.now());
  const isCounting = data !== null && data.progress.nextInSeconds !== null;
  useEffect(() => {
    if (!isCounting) return undefined;
    const timer = window.setInterval(() => setNowMs(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, [isCounting]);
  if (data === null) return null;
  const { progress, atMs } = data;
  if (progress.nextInSeconds === null) return progress;
  return { ...progress, nextInSeconds: Math.max(0, progress.nextInSeconds - Math.max(0, nowMs - atMs) / 1_000) };
}
