import type { ReactNode } from 'react';
import { SeverityMark, type SeverityLook } from './Mark.tsx';
import { classNames } from './class-names.ts';
import css from './CheckList.module.css';

export interface CheckListItem {
  id: string;
  severity: SeverityLook;
  text: ReactNode;
  detail?: ReactNode;
  end?: ReactNode;
}

/** Results of checks with their marks; `isInline` where the text around it has no inner margin. */
export function CheckList({ items, label, isInline = false }: { items: readonly CheckListItem[]; label?: string; isInline?: boolean }) {
  return (
    <ul className={classNames(css['checks'], isInline && css['inline'])} aria-label={label}>
      {items.map((item) => (
        <li key={item.id}>
          <SeverityMark severity={item.severity} />
          <div className={css['what']}>
            {item.text}
            {item.detail !== undefined && <small>{item.detail}</small>}
          </div>
          {item.end !== undefined && <span className={classNames(css['end'], 'end')}>{item.end}</span>}
        </li>
      ))}
    </ul>
  );
}
