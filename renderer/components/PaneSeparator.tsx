import { useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useNotifications } from '../app/notifications.tsx';
import type { CommandId } from '../commands/list.ts';
import { useBindCommands } from '../commands/store.tsx';
import { classNames } from './class-names.ts';
import { paneNames, readPaneWidth, savePaneWidth, type PaneName } from './pane-width.ts';
import { tokenPixels } from './token-pixels.ts';
import css from './PaneSeparator.module.css';

const stepPx = 16;
/** A command goes further at once than a key, which is pressed again more easily. */
const commandStepPx = 64;

const commandsOf = {
  facets: { widen: 'widen-filters', narrow: 'narrow-filters', name: 'Filters' },
  inspector: { widen: 'widen-inspector', narrow: 'narrow-inspector', name: 'Inspector' },
} as const satisfies Record<PaneName, { widen: CommandId; narrow: CommandId; name: string }>;

export interface PaneSeparatorProps {
  label: string;
  /** The pane whose width is chosen; the grid of panes takes the width from `--<pane>-chosen`. */
  pane: PaneName;
  /** Where in the page that pane stands; on the other side is the one that gives the room. */
  side: 'before' | 'after';
  className?: string | undefined;
}

interface Widths {
  /** Without a line there is no choice: the pane has no place beside another. */
  hasLine: boolean;
  now: number;
  least: number;
  most: number;
}

function widthOf(element: Element | null): number {
  return element instanceof HTMLElement ? element.offsetWidth : 0;
}

/** The line between two panes: dragged, or moved by keys, it gives one of them the room of the other. */
export function PaneSeparator({ label, pane, side, className }: PaneSeparatorProps) {
  const line = useRef<HTMLDivElement>(null);
  const { say } = useNotifications();
  const drag = useRef<{ from: number; start: Widths; to: number | null } | null>(null);
  const [widths, setWidths] = useState<Widths>({ hasLine: false, now: 0, least: 0, most: 0 });

  const choose = (wanted: number | null, { least, most }: Widths = widths) => {
    const style = line.current?.parentElement?.style;
    const chosen = wanted === null ? null : Math.round(Math.max(least, Math.min(most, wanted)));
    if (chosen === null) style?.removeProperty(`--${pane}-chosen`);
    else style?.setProperty(`--${pane}-chosen`, `${chosen}px`);
    return chosen;
  };
  const keep = (wanted: number | null) => savePaneWidth(pane, choose(wanted));

  useLayoutEffect(() => {
    const [before, after] = [line.current?.previousElementSibling ?? null, line.current?.nextElementSibling ?? null];
    const [own, other] = side === 'before' ? [before, after] : [after, before];
    const stored = readPaneWidth(pane);
    if (stored !== null) line.current?.parentElement?.style.setProperty(`--${pane}-chosen`, `${stored}px`);
    const measure = () => {
      const now = widthOf(own);
      setWidths({ hasLine: widthOf(line.current) > 0, now, least: Math.min(now, tokenPixels(`--${pane}-least`)), most: Math.max(now, now + widthOf(other) - tokenPixels('--grid-least')) });
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const element of [own, other]) if (element) observer.observe(element);
    return () => observer.disconnect();
  }, [pane, side]);

  const { widen, narrow, name } = commandsOf[pane];
  const resize = (by: number) => {
    const to = choose(widths.now + by);
    savePaneWidth(pane, to);
    say(`${name} ${to ?? 0} pixels wide.`);
  };
  const noLine = widths.hasLine ? null : 'The window has no room to choose it.';
  useBindCommands({
    [widen]: { run: () => resize(commandStepPx), off: noLine ?? (widths.now >= widths.most ? 'It is as wide as the window allows.' : null) },
    [narrow]: { run: () => resize(-commandStepPx), off: noLine ?? (widths.now <= widths.least ? 'It is as narrow as it gets.' : null) },
    'reset-panes': {
      run: () => {
        for (const one of paneNames) {
          line.current?.parentElement?.style.removeProperty(`--${one}-chosen`);
          savePaneWidth(one, null);
        }
        say('Panes have their usual width.');
      },
    },
  });

  /** How much wider the pane gets when the line goes that far to the right. */
  const gainOf = (rightwards: number) => ((side === 'before') === (line.current !== null && getComputedStyle(line.current).direction === 'ltr') ? rightwards : -rightwards);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps: Record<string, number | null> = { ArrowLeft: widths.now + gainOf(-stepPx), ArrowRight: widths.now + gainOf(stepPx), Home: widths.least, End: widths.most, Enter: null };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    keep(to);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: event.clientX, start: widths, to: null };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current) return;
    const { from, start } = drag.current;
    drag.current.to = choose(start.now + gainOf(event.clientX - from), start);
  };
  const onDragEnd = () => {
    if (typeof drag.current?.to === 'number') savePaneWidth(pane, drag.current.to);
    drag.current = null;
  };
  return (
    <div
      ref={line}
      className={classNames(css['separator'], className)}
      role="separator"
      data-side={side}
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={widths.now}
      aria-valuemin={widths.least}
      aria-valuemax={widths.most}
      aria-valuetext={`${widths.now} pixels wide`}
      title="Drag, or use the arrow keys; double click or Enter for the usual width"
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={onDragEnd}
      onDoubleClick={() => keep(null)}
    />
  );
}
