import { useState } from 'react';
import type { ShapeDetail } from '../../../../shared/domain/shape.ts';
import { readOnlyReason } from '../../../app/off-reasons.ts';
import { useInfo } from '../../../app/use-info.ts';
import { errorOf } from '../../../api/query-call.ts';
import { CommandButton } from '../../../commands/CommandButton.tsx';
import { useBindCommands } from '../../../commands/store.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { alreadyApproved, decisionVerbs, number, plural } from '../../../words.ts';
import { useAskReason } from '../use-ask-reason.tsx';
import type { Decision } from '../use-decisions.tsx';
import { ShapeDecisionMark } from './ShapeDecisionMark.tsx';
import { useShapeDecision } from './use-shape-decision.ts';
import barCss from '../DecisionBar.module.css';
import css from './Shapes.module.css';

/** From here on three numbers fill a row by themselves; the keys stand in the status bar too. */
const longFrom = 10_000;

/** The decision on all records of a shape at once; every button carries the number of records it is about. */
export function ShapeDecision({ detail, name }: { detail: ShapeDetail; name: string }) {
  const readOnly = readOnlyReason(useInfo());
  const askReason = useAskReason();
  const [leavesOutliersOut, setLeavesOut] = useState(true);
  const [keepsDecided, setKeeps] = useState(true);
  const { count, error, selection, decide } = useShapeDecision(detail, { leavesOutliersOut, keepsDecided });
  const decided = detail.count - detail.decided.none;
  const start = (decision: Decision) => {
    if (decision === 'approve') decide(decision);
    else askReason({ decision, selection, count: count?.all ?? 0, about: `Of the shape “${name}”.` }, (given) => decide(decision, given));
  };
  const numberOf = (decision: Decision) => (count === null ? 0 : decision === 'approve' ? count.all - count.approved - count.blocked : count.all);
  const offOf = (decision: Decision) => {
    if (readOnly !== null) return readOnly;
    if (count === null) return 'The records are being counted.';
    if (count.all === 0) return keepsDecided && decided > 0 ? 'All of these are decided.' : 'Only outliers are left: look at them one by one.';
    if (numberOf(decision) > 0) return null;
    if (count.blocked === 0) return 'All of these are approved already.';
    return count.approved === 0 ? 'Every one of these has a blocker.' : 'The ones that are not approved yet have blockers.';
  };
  const bindingOf = (decision: Decision) => ({ run: () => start(decision), off: offOf(decision), label: count === null ? decisionVerbs[decision] : `${decisionVerbs[decision]} ${number(numberOf(decision))}` });
  useBindCommands({ approve: bindingOf('approve'), hold: bindingOf('hold'), exclude: bindingOf('exclude') });
  const isLong = count !== null && count.all >= longFrom;
  if (readOnly !== null) {
    return (
      <div className={barCss['decision-bar']} role="group" aria-label="Decision">
        <p className="cluster muted small">
          <ShapeDecisionMark shape={detail} />
          {readOnly}
        </p>
      </div>
    );
  }
  return (
    <div className={barCss['decision-bar']} role="group" aria-label="Decision">
      <div className={barCss['note']}>
        <ShapeDecisionMark shape={detail} />
        {count !== null && count.blocked > 0 && <span>{plural(count.blocked, 'record')} with blockers cannot be approved</span>}
        {count !== null && count.approved > 0 && <span>{alreadyApproved(count.approved)}</span>}
      </div>
      {error && <FailureCallout error={errorOf(error)} />}
      {(detail.outliers > 0 || decided > 0) && (
        <div className={css['boxes']}>
          {detail.outliers > 0 && (
            <label className="hint">
              <input className="box" type="checkbox" checked={leavesOutliersOut} onChange={(event) => setLeavesOut(event.target.checked)} /> Leave the {plural(detail.outliers, 'outlier')} out
            </label>
          )}
          {decided > 0 && (
            <label className="hint">
              <input className="box" type="checkbox" checked={keepsDecided} onChange={(event) => setKeeps(event.target.checked)} /> Keep the {number(decided)} decided as {decided === 1 ? 'it is' : 'they are'}
            </label>
          )}
        </div>
      )}
      <div className={barCss['row']} data-long={isLong || undefined}>
        <CommandButton id="approve" icon="check" look="primary" withKeys={!isLong} />
        <CommandButton id="hold" icon="pause" withKeys={!isLong} />
        <CommandButton id="exclude" icon="x" withKeys={!isLong} />
      </div>
    </div>
  );
}
