import type { PreflightItem } from '../../../shared/domain/batch.ts';
import type { SeverityLook } from '../../components/Mark.tsx';

/** How the states of preflight items look. */
export const severityLooks: Record<PreflightItem['state'], SeverityLook> = { passed: 'ok', warning: 'warning', blocker: 'blocker', 'not-checked': 'unchecked' };
