import { classNames } from './class-names.ts';
import css from './Bar.module.css';

export interface BarPart {
  fill: 'succeeded' | 'failed' | 'stale' | 'skipped' | 'unknown' | 'not-sent' | 'approved' | 'held' | 'excluded' | 'ink' | 'viewed';
  count: number;
}

export interface BarProps {
  label: string;
  parts: readonly BarPart[];
  total: number;
  isLarge?: boolean;
  /** Given where the bar is a progress: how much is done. */
  progress?: number;
  className?: string | undefined;
}

/** A segmented bar whose widths are the true shares; its name says the same in words. */
export function Bar({ label, parts, total, isLarge, progress, className }: BarProps) {
  const role = progress === undefined ? { role: 'img' } : { role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': total, 'aria-valuenow': progress };
  return (
    <span className={classNames(css['bar'], isLarge === true && css['bar-lg'], className)} aria-label={label} {...role}>
      {parts
        .filter((part) => part.count > 0)
        .map((part) => (
          <i key={part.fill} className={css[`fill-${part.fill}`]} style={{ width: `${(part.count / Math.max(1, total)) * 100}%` }} />
        ))}
    </span>
  );
}
