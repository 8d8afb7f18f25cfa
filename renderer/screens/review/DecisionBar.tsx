import type { PendingDetail, PendingItem } from '../../../shared/domain/pending-change.ts';
import { useInfo } from '../../app/use-info.ts';
import { useCommandBindings } from '../../commands/store.tsx';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { DataText } from '../../components/DataText.tsx';
import { DecisionMark } from '../../components/Mark.tsx';
import css from './DecisionBar.module.css';

/** The decision on the record in the inspector, who took it where that is known already; approving never pushes. */
export function DecisionBar({ known }: { known: PendingItem | PendingDetail | undefined }) {
  const decision = known?.decision ?? 'none';
  const by = known && 'decisionBy' in known ? known : null;
  const readOnly = useInfo()?.readOnly ?? false;
  const whyNot = useCommandBindings()('approve')?.off ?? null;
  if (readOnly) {
    return (
      <div className={css['decision-bar']} role="group" aria-label="Decision">
        <p className="cluster muted small">
          <DecisionMark decision={decision} />
          Read only: decisions cannot be changed here.
        </p>
      </div>
    );
  }
  return (
    <div className={css['decision-bar']} role="group" aria-label="Decision">
      <div className={css['note']}>
        <DecisionMark decision={decision} />
        <span className={whyNot === null ? 'clip' : undefined}>
          {whyNot !== null ? (
            `Approve is off: ${whyNot}`
          ) : decision === 'none' ? (
            'Approve never pushes.'
          ) : (
            <>
              {by !== null && by.decisionBy !== null && <DataText text={`by ${by.decisionBy}`} />}
              {by !== null && by.decisionReason !== null && <DataText text={`: ${by.decisionReason}`} />}
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
