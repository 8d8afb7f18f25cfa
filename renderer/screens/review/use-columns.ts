import { useLayoutEffect, useMemo, useState, type CSSProperties, type RefObject } from 'react';
import { narrowGrid } from '../../components/Grid.tsx';
import { remPixels } from '../../components/token-pixels.ts';
import { chosenColumns, columnTracks, readColumnChoice, saveColumnChoice, type Column, type ColumnChoice, type ColumnId } from './columns.ts';

export interface ColumnsInUse {
  shown: readonly Column[];
  /** The custom properties that lay out the rows; for the pane of the grid. */
  style: CSSProperties;
  show(id: ColumnId, isShown: boolean): void;
  /** Forgets what was chosen. */
  reset(): void;
}

function useIsNarrow(pane: RefObject<HTMLElement | null>): boolean {
  const [isNarrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return undefined;
    const measure = () => setNarrow(element.clientWidth <= narrowGrid * remPixels());
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [pane]);
  return isNarrow;
}

/** The columns of the grid of pending changes: as chosen on this machine, else as the width of the pane allows. */
export function useColumns(pane: RefObject<HTMLElement | null>): ColumnsInUse {
  const [choice, setChoice] = useState(readColumnChoice);
  const isNarrow = useIsNarrow(pane);
  const layout = useMemo(() => {
    const shown = chosenColumns(choice, isNarrow);
    const { tracks, least } = columnTracks(shown, isNarrow);
    return { shown, style: { '--cols': tracks, '--cols-narrow': tracks, '--cols-least': least } as CSSProperties };
  }, [choice, isNarrow]);
  return useMemo(() => {
    const change = (next: ColumnChoice) => {
      saveColumnChoice(next);
      setChoice(next);
    };
    return { ...layout, show: (id, isShown) => change({ ...choice, [id]: isShown }), reset: () => change({}) };
  }, [layout, choice]);
}
