import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import { useInfo } from '../../app/use-info.ts';
import { useCommandBindings } from '../../commands/store.tsx';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { DataText } from '../../components/DataText.tsx';
import { DecisionMark } from '../../components/Mark.tsx';
import css from './DecisionBar.module.css';

/** The decision on the record in the inspector; approving never pushes. */
export function DecisionBar({ detail }: { detail: PendingDetail }) {
  const readOnly = useInfo()?.readOnly ?? false;
  const whyNot = useCommandBindings()('approve')?.off ?? null;
  if (readOnly) {
    return (
      <div className={css['decision-bar']} role="group" aria-label="Decision">
        <p className="cluster muted small">
          <DecisionMark decision={detail.decision} />
          Read only: decisions cannot be changed here.
        </p>
      </div>
    );
  }
  return (
    <div className={css['decision-bar']} role="group" aria-label="Decision">
      <div className={css['note']}>
        <DecisionMark decision={detail.decision} />
        <span className={whyNot === null ? 'clip' : undefined}>
          {whyNot !== null ? (
            `Approve is off: ${whyNot}`
          ) : detail.decision === 'none' ? (
            'Approve never pushes.'
          ) : (
            <>
              {detail.decisionBy !== null && <DataText text={`by ${detail.decisionBy}`} />}
              {detail.decisionReason !== null && <DataText text={`: ${detail.decisionReason}`} />}
            </>
          )}
        </span>
        <span className="end">
          <CommandButton id="come-back" icon="flag" size="small" look="quiet" withKeys />
        </span>
      </div>
      <div className={css['row']}>
        <CommandButton id="approve" icon="check" look="primary" withKeys>
          Approve
        </CommandButton>
        <CommandButton id="hold" icon="pause" withKeys>
          Hold
        </CommandButton>
        <CommandButton id="exclude" icon="x" withKeys>
          Exclude
        </CommandButton>
      </div>
    </div>
  );
}
