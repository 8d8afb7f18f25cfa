import type { AppInfo } from '../../shared/contract.ts';
import { isCutOff } from '../app/off-reasons.ts';
import { addressOf } from '../app/place.ts';
import { useOnline } from '../app/use-online.ts';
import type { RunSign } from '../app/use-run-sign.ts';
import { DataText } from '../components/DataText.tsx';
import { Icon } from '../components/Icon.tsx';
import { KeyCaps } from '../components/KeyCaps.tsx';
import { Link } from '../components/Link.tsx';
import { commandSpecs } from '../commands/list.ts';
import { useCommandBindings } from '../commands/store.tsx';
import { number, plural } from '../words.ts';
import css from './StatusBar.module.css';

const signIcons = { note: 'upload', warning: 'triangle', blocker: 'octagon' } as const;

/** Connection, the newest run, API budget, audit chain, and the keys that work here. */
export function StatusBar({ info, sign, isConnected, hasGrid }: { info: AppInfo | undefined; sign: RunSign | null; isConnected: boolean; hasGrid: boolean }) {
  const binding = useCommandBindings();
  const isOffline = isCutOff(info, useOnline());
  const canWrite = info?.readOnly === false;
  const hints = commandSpecs.filter((spec) => spec.isHinted === true && (canWrite || spec.isWriting !== true) && (spec.isHandledByGrid === true ? hasGrid : binding(spec.id) !== undefined));
  return (
    <footer className={css['statusbar']} aria-label="Status" data-region tabIndex={-1}>
      <ul>
        <li>
          <span className={css['state-dot']} data-state={isConnected && info && !isOffline ? 'on' : 'off'} />
          {!isConnected ? 'Not connected' : !info ? 'Connection not known yet' : isOffline ? 'Offline' : 'Connected'}
        </li>
        {sign && (
          <li className={css['run']} data-look={sign.look}>
            <Icon name={signIcons[sign.look]} size="sm" {...(sign.look === 'note' ? {} : { label: sign.look === 'blocker' ? 'Problem' : 'Warning' })} />
            <Link to={addressOf('batches', { batch: sign.batchId })}>
              <DataText text={sign.text} />
            </Link>
          </li>
        )}
        {info?.api && (
          <li className="wide">
            API {number(info.api.used)} of {number(info.api.limit)} today
          </li>
        )}
        {info && (
          <li className="wide">
            <Icon name="link" size="sm" />
            Audit chain: {plural(info.chain.events, 'event')}
          </li>
        )}
        {info && info.auditBacklog.failing && info.auditBacklog.events > 0 && (
          <li className={css['problem']}>
            <Icon name="triangle" size="sm" />
            <Link to={addressOf('audit')}>
              {plural(info.auditBacklog.events, 'event')} {info.auditBacklog.events === 1 ? 'waits' : 'wait'} to be copied
            </Link>
          </li>
        )}
      </ul>
      <ul className={css['keys-list']} aria-label="Keys">
        {hints.map((spec) => (
          <li key={spec.id} className="hint">
            {spec.id === 'move' ? (
              <>
                <KeyCaps keys="j" />
                <KeyCaps keys="k" />
              </>
            ) : (
              <KeyCaps keys={spec.keys[0] ?? ''} />
            )}
            {spec.label}
          </li>
        ))}
      </ul>
    </footer>
  );
}
