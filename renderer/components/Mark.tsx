import type { ReactNode } from 'react';
import type { DecisionState, Kind } from '../../shared/domain/pending-change.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { decisionWords, kindWords, outcomeWords } from '../words.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';
import { classNames } from './class-names.ts';
import css from './Mark.module.css';

const decisionLooks: Record<DecisionState, { look: string; icon: IconName }> = {
  none: { look: 'none', icon: 'circle' },
  approve: { look: 'approved', icon: 'check-circle' },
  hold: { look: 'held', icon: 'pause-circle' },
  exclude: { look: 'excluded', icon: 'x-circle' },
};

/** The decision on a pending change: mark and word. */
export function DecisionMark({ decision }: { decision: DecisionState }) {
  const { look, icon } = decisionLooks[decision];
  return (
    <span className={css['mark']} data-decision={look}>
      <Icon name={icon} size="sm" />
      <span data-word>{decisionWords[decision]}</span>
    </span>
  );
}

const outcomeIcons: Record<Outcome, IconName> = { succeeded: 'check-circle', failed: 'octagon', stale: 'stale', skipped: 'equals', unknown: 'question', notSent: 'circle-dash' };

/** What became of a record: mark and word, or the given text instead of the word. */
export function OutcomeMark({ outcome, children, className }: { outcome: Outcome; children?: ReactNode; className?: string | undefined }) {
  return (
    <span className={classNames(css['mark'], className)} data-outcome={outcome === 'notSent' ? 'not-sent' : outcome}>
      <Icon name={outcomeIcons[outcome]} size="sm" {...(children === undefined ? {} : { label: outcomeWords[outcome] })} />
      {children ?? outcomeWords[outcome]}
    </span>
  );
}

export type SeverityLook = 'ok' | 'warning' | 'blocker' | 'unchecked' | 'note';
const severityLooks: Record<SeverityLook, { icon: IconName; word: string }> = {
  ok: { icon: 'check-circle', word: 'Passed' },
  warning: { icon: 'triangle', word: 'Warning' },
  blocker: { icon: 'octagon', word: 'Blocker' },
  unchecked: { icon: 'question', word: 'Not checked' },
  note: { icon: 'circle', word: 'Note' },
};

/** A severity: its mark, with the word as its name or a text beside it. */
export function SeverityMark({ severity, children, icon }: { severity: SeverityLook; children?: ReactNode; icon?: IconName }) {
  const look = severityLooks[severity];
  return (
    <span className={css['mark']} data-severity={severity}>
      <Icon name={icon ?? look.icon} size="sm" {...(children === undefined ? { label: look.word } : {})} />
      {children}
    </span>
  );
}

/** A small label; priorities have their own weight. */
export function Tag({ children, priority, isSolid }: { children: ReactNode; priority?: string; isSolid?: boolean }) {
  return (
    <span className={classNames(css['tag'], isSolid === true && css['tag-solid'])} data-priority={priority}>
      {children}
    </span>
  );
}

/** Create or update: icon and word. */
export function KindMark({ kind }: { kind: Kind }) {
  return (
    <span className={css['kind']}>
      <Icon name={kind === 'create' ? 'plus' : 'edit'} size="sm" />
      {kindWords[kind]}
    </span>
  );
}
