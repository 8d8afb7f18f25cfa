import type { Transition } from '../../shared/domain/transition.ts';

/** Kinds of change as they stand beside a field's label. */
export const transitionWords: Record<Transition, string> = {
  'turned-on': 'FALSE → TRUE',
  'turned-off': 'TRUE → FALSE',
  filled: 'filled',
  cleared: 'cleared',
  replaced: 'changed',
  respelled: 'spelled differently',
  earlier: 'moved earlier',
  later: 'moved later',
  blank: 'blank proposed, not sent',
};

/** The same for reading aloud: an arrow is not read by every screen reader. */
export function spokenTransition(transition: Transition): string {
  return transitionWords[transition].replace(' → ', ' to ');
}
