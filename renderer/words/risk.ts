import type { RiskName } from '../../shared/domain/review.ts';

/** A record counts under its greatest risk; where it has none, under its priority. */
export const riskWords: Record<RiskName, string> = { blocker: 'Blockers', conflict: 'Contributors disagree', 'large-group': 'Large groups', blanking: 'Blanking', rare: 'Rare transitions', p1: 'Else P1', p2: 'Else P2', p3: 'Else P3' };

/** Why a record comes where it does in the order `Risk first`; null where only its priority decides. */
export function riskSentence(risk: RiskName): string | null {
  switch (risk) {
    case 'blocker':
      return 'Comes first by risk: a check blocks it.';
    case 'conflict':
      return 'Comes early by risk: its contributors disagree in a flag.';
    case 'large-group':
      return 'Comes early by risk: five or more properties share its id.';
    case 'blanking':
      return 'Comes early by risk: blank is proposed over a value.';
    case 'rare':
      return 'Comes early by risk: it turns a flag in a way that fewer than 1 in 100 updates do.';
    case 'p1':
    case 'p2':
    case 'p3':
      return null;
  }
}
