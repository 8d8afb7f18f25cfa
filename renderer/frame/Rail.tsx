import type { AppInfo } from '../../shared/contract.ts';
import { addressOf, screens, type Screen } from '../app/place.ts';
import type { RunSign } from '../app/use-run-sign.ts';
import { Icon } from '../components/Icon.tsx';
import { Link } from '../components/Link.tsx';
import { ariaKeys } from '../components/key-signs.ts';
import { commandSpec } from '../commands/list.ts';
import { number, plural } from '../words.ts';
import css from './Rail.module.css';

function countOf(screen: Screen, info: AppInfo, sign: RunSign | null): { text: string; severity?: RunSign['look'] } | null {
  if (screen === 'review' && info.snapshot) return { text: number(info.snapshot.creates + info.snapshot.updates) };
  if (screen === 'batches' && sign) return { text: sign.short, severity: sign.look };
  if (screen === 'batches' && info.openBatches > 0) return { text: `${number(info.openBatches)} open` };
  if (screen === 'checks' && info.blockers > 0) return { text: plural(info.blockers, 'blocker'), severity: 'blocker' };
  return null;
}

/** The eight screens with what waits on them. */
export function Rail({ screen, info, sign }: { screen: Screen; info: AppInfo | undefined; sign: RunSign | null }) {
  return (
    <nav className={css['rail']} aria-label="Main" data-region>
      <ul>
        {screens.map((name, index) => {
          const count = info ? countOf(name, info, sign) : null;
          return (
            <li key={name}>
              <Link to={addressOf(name)} current={name === screen ? 'page' : undefined} keyShortcuts={ariaKeys(commandSpec(name).keys[0] ?? '')}>
                <span className={css['rail-key']} aria-hidden="true">
                  {index + 1}
                </span>
                <Icon name={name} size="lg" />
                {commandSpec(name).label}
                {count && (
                  <span className={css['rail-count']} data-severity={count.severity}>
                    {count.text}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
