import type { AppInfo } from '../../shared/contract.ts';
import { environmentWords } from '../words.ts';
import { Icon } from './Icon.tsx';
import css from './Environment.module.css';

/** The environment of the org: production is filled and has a lock, others are dashed. */
export function Environment({ environment }: { environment: NonNullable<AppInfo['org']>['environment'] }) {
  return (
    <span className={css['env']} data-env={environment}>
      {environment === 'production' && <Icon name="lock" size="sm" />}
      {environmentWords[environment]}
    </span>
  );
}
